import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor

N_DIMS, N_MODELS = 384, 11


def prepare(folder, variant):
    networks, epochs, *hidden = variant.split()
    x = np.fromfile(folder / "x.f32", np.float32).reshape(-1, N_DIMS)
    y = np.fromfile(folder / "y.f32", np.float32).reshape(-1, N_MODELS)
    warnings.simplefilter("ignore", ConvergenceWarning)  # so few epochs never converge

    def fit(targets):
        return MLPRegressor(hidden_layer_sizes=[int(size) for size in hidden], max_iter=int(epochs), random_state=1).fit(x, targets).loss_

    def run():
        losses = [fit(y)] if networks == "one" else [fit(column) for column in y.T]
        return {"loss": [np.mean(losses)]}

    return run
