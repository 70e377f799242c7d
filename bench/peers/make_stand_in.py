"""Makes a pickle as large as the released ones, in their layout: real rows tiled where there are some, else made-up ones.

Usage: make_stand_in.py ROWS.pkl TARGET.pkl
"""

import pathlib
import sys
import warnings

import numpy as np
import pandas as pd

N_ROWS, N_MODELS, TEXT_LENGTH = 36_497, 11, 1_500


def main(rows, target):
    with warnings.catch_warnings(action="ignore"), pd.option_context("future.infer_string", False):  # texts as objects, as in the released files
        frame = tiled(pd.read_pickle(rows)) if pathlib.Path(rows).exists() else made()
    frame.to_pickle(target, protocol=4)


def tiled(rows):
    parts = []
    for tile in range(-(-N_ROWS // len(rows))):
        part = rows.iloc[: N_ROWS - tile * len(rows)].copy()
        # Another id and prompt in each tile, or the reader would merge the rows; other texts anew, or pickle would write each but once.
        for column in part.columns[part.dtypes == object]:
            new = (lambda text: f"{text}.{tile}") if column in ("sample_id", "prompt") else anew
            part[column] = pd.Series([new(text) for text in part[column]], dtype=object, index=part.index)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def anew(value):
    return (value + " ")[:-1] if isinstance(value, str) else value


def made():
    random = np.random.default_rng(1)
    words = np.array(["".join(chr(97 + letter) for letter in random.integers(0, 26, 5)) for _ in range(5000)])
    text = lambda row: f"{row} " + " ".join(words[random.integers(0, 5000, TEXT_LENGTH // 6)])
    models = [f"model-{model}" for model in range(N_MODELS)]
    columns = {"sample_id": [f"made.{row}" for row in range(N_ROWS)], "prompt": [text(row) for row in range(N_ROWS)], "eval_name": "made"}
    columns |= {model: random.integers(0, 2, N_ROWS).astype(float) for model in models}
    columns |= {f"{model}|model_response": [f"['answer {row}']" for row in range(N_ROWS)] for model in models}
    columns |= {f"{model}|total_cost": random.random(N_ROWS) / 1000 for model in models}
    return pd.DataFrame(columns)


if __name__ == "__main__":
    main(*sys.argv[1:])
