import hashlib

import pandas as pd


def prepare(folder, _variant):
    return lambda: outcomes(folder / "long.csv")


def outcomes(path):
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    data = pd.read_csv(path)
    # A prompt and model that stand twice end a pivot, as they end ours.
    table = data.pivot(index="prompt_id", columns="model", values=["quality", "cost_usd"])
    quality, cost = table["quality"].to_numpy(float), table["cost_usd"].to_numpy(float)
    names = data.groupby("prompt_id", sort=False)["eval_name"].first().tolist()
    return {"quality": quality.sum(0), "costs": cost.sum(0), "sizes": [len(table.index.tolist()), len(names), len(sha256)]}
