import hashlib

import numpy as np
import pandas as pd

NAME = "stand_in.pkl"


def prepare(folder, variant):
    return {"frame": lambda: frame(folder / NAME), "outcomes": lambda: outcomes(folder / NAME)}[variant]


def frame(path):
    data = pd.read_pickle(path)
    # Some prompts have two rows; each model's outcome is in one of them.
    return {"costs": [data.loc[data[model].notna(), f"{model}|total_cost"].sum() for model in models_of(data)]}


def outcomes(path):
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    data = pd.read_pickle(path)
    models = models_of(data)
    cost_names = [f"{model}|total_cost" for model in models]
    quality, cost = data[models].to_numpy(float), data[cost_names].to_numpy(float)
    ids, first = np.unique(data["sample_id"].to_numpy(str), return_index=True)
    # The second row of a prompt fills what its first lacks.
    rows = pd.DataFrame(np.hstack([quality, np.where(np.isnan(quality), np.nan, cost)]))
    merged = rows.groupby(data["sample_id"].to_numpy(), sort=True).first().to_numpy()
    kept = ~np.isnan(merged).any(1)
    quality, cost = np.ascontiguousarray(merged[kept, : len(models)]), np.ascontiguousarray(merged[kept, len(models) :])
    prompts, names = data["prompt"].to_numpy()[first[kept]].tolist(), data["eval_name"].to_numpy()[first[kept]].tolist()
    return {"costs": cost.sum(0), "sizes": [len(ids), len(prompts), len(names), len(quality), len(sha256)]}


def models_of(data):
    return [name for name in data.columns if f"{name}|total_cost" in data.columns]
