import numpy as np

N_MODELS = 11


def prepare(folder, costs_file):
    predicted, quality, cost = (np.fromfile(folder / f"{name}.f64").reshape(-1, N_MODELS) for name in ("predicted", "quality", "cost"))
    costs = np.fromfile(folder / costs_file).reshape(-1, N_MODELS)
    grid, rows = np.fromfile(folder / "grid.f64"), np.arange(len(predicted))

    def run():
        points = []
        for willingness_to_pay in grid:
            chosen = (willingness_to_pay * predicted - costs).argmax(1)
            points += [cost[rows, chosen].mean(), quality[rows, chosen].mean()]
        return {"points": points}

    return run
