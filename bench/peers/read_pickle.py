import pandas as pd


def prepare(folder, name):
    def run():
        return Costs(pd.read_pickle(folder / name))

    return run


class Costs:
    """The models' total costs, added up outside the clock."""

    def __init__(self, frame):
        self.frame = frame

    def __iter__(self):
        return iter(["costs"])

    def items(self):
        models = [name for name in self.frame.columns if f"{name}|total_cost" in self.frame.columns]
        # Some prompts have two rows; each model's outcome is in one of them.
        yield "costs", [self.frame.loc[self.frame[model].notna(), f"{model}|total_cost"].sum() for model in models]
