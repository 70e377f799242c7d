"""Makes the reference values of tests/compute and tests/routers with scikit-learn.

Run it in this folder, with any recent Python:

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install scikit-learn && /tmp/reference/bin/python make_reference.py

It writes neighbours.json, ridge.json, mlp.json and mlp_early_stopping.json. Inputs come from a generator of a few lines that the tests repeat
(`WholeNumbers`); they are multiples of 1/256, so that float32, float64 and JSON hold them exactly.
"""

import json
import platform
import warnings
from pathlib import Path

import numpy
import scipy
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Ridge
from sklearn.neighbors import NearestNeighbors
from sklearn.neural_network import MLPRegressor, _multilayer_perceptron

MADE_BY = {
    "command": "python make_reference.py",
    "python": platform.python_version(),
    "numpy": numpy.__version__,
    "scipy": scipy.__version__,
    "scikit-learn": sklearn.__version__,
}


class WholeNumbers:
    """Whole numbers below 65,536: the upper half of a linear congruential generator (Numerical Recipes)."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (1664525 * self.state + 1013904223) % 2**32
        return self.state >> 16

    def matrix(self, rows, cols):
        """Multiples of 1/256 from -1 to 1, row after row."""
        return numpy.array([[(self.next() % 513 - 256) / 256 for _ in range(cols)] for _ in range(rows)])

    def shuffled(self, items):
        """Fisher-Yates from the last place down."""
        items = numpy.array(items)
        for i in range(len(items) - 1, 0, -1):
            j = self.next() % (i + 1)
            items[[i, j]] = items[[j, i]]
        return items


def write(name, content):
    text = json.dumps({"madeBy": MADE_BY, **content}, separators=(",", ":"))
    Path(__file__).with_name(name).write_text(text + "\n", encoding="utf-8")
    print(f"{name}: {len(text):,} bytes")


def neighbours():
    """The 41 nearest of 300 points for 60 queries: 40 are compared, the 41st tells which rows are nearly tied at the border."""
    numbers = WholeNumbers(1)
    points, queries = numbers.matrix(300, 16), numbers.matrix(60, 16)
    distances, indices = NearestNeighbors(n_neighbors=41, metric="cosine").fit(points).kneighbors(queries)
    shapes = {"inputSeed": 1, "nPoints": 300, "nQueries": 60, "nDims": 16, "k": 40}
    write("neighbours.json", {**shapes, "indices": indices.tolist(), "distances": numpy.round(distances, 9).tolist()})


def ridge():
    """Ridge regression with an intercept, which is not penalised."""
    numbers = WholeNumbers(2)
    x, noise = numbers.matrix(80, 12), numbers.matrix(80, 3)
    y = x[:, :3] - 0.5 * x[:, 3:6] + 0.25 * noise + 1
    fits = []
    for alpha in (1.0, 0.01):
        model = Ridge(alpha=alpha, fit_intercept=True, solver="cholesky").fit(x, y)
        fits.append(
            {
                "alpha": alpha,
                "coefficients": model.coef_.tolist(),  # outputs x inputs
                "intercepts": model.intercept_.tolist(),
                "predictions": model.predict(x).tolist(),
            }
        )
    write("ridge.json", {"x": x.tolist(), "y": y.tolist(), "fits": fits})


class RecordedMlp(MLPRegressor):
    """Keeps a copy of the parameters from which training starts."""

    def _initialize(self, *arguments):
        super()._initialize(*arguments)
        self.initial_ = parameters_of(self)


def parameters_of(model):
    return {"weights": [w.tolist() for w in model.coefs_], "biases": [b.tolist() for b in model.intercepts_]}


def train(x, y, options, max_iter):
    """Trains in float64; the row order comes from `WholeNumbers`, started again for each training."""
    order = WholeNumbers(4)
    _multilayer_perceptron.shuffle = lambda rows, random_state: order.shuffled(rows)
    return RecordedMlp(**options, max_iter=max_iter, random_state=1234).fit(x, y)


def mlp():
    """Two networks on 300 rows: batches of 200 and 100. The first runs out of epochs, the second converges."""
    x = WholeNumbers(3).matrix(300, 16)
    y = x[:, 0:3] - x[:, 3:6] * x[:, 5:8]
    cases = []
    for hidden, rate, max_iter in (((12,), 0.001, 200), ((10, 8), 0.01, 1000)):
        options = {"hidden_layer_sizes": hidden, "learning_rate_init": rate}
        after_1, after_20, last = (train(x, y, options, epochs) for epochs in (1, 20, max_iter))
        cases.append(
            {
                "hiddenSizes": hidden,
                "learningRate": rate,
                "maxEpochs": max_iter,
                "nEpochs": last.n_iter_,
                "initial": last.initial_,
                "after1": parameters_of(after_1),
                "after20": parameters_of(after_20),
                "lossCurve": last.loss_curve_,
                "predictions": last.predict(x[:40]).tolist(),
            }
        )
    shapes = {"inputSeed": 3, "orderSeed": 4, "nRows": 300, "nInputs": 16, "nOutputs": 3}
    write("mlp.json", {**shapes, "cases": cases})


def mlp_early_stopping():
    """The first network again, stopped early by its R² on the last 60 rows, where scikit-learn would draw them."""
    x = WholeNumbers(3).matrix(300, 16)
    y = x[:, 0:3] - x[:, 3:6] * x[:, 5:8]
    _multilayer_perceptron.train_test_split = lambda x, y, **_: (x[:-60], x[-60:], y[:-60], y[-60:])
    options = {"hidden_layer_sizes": (12,), "learning_rate_init": 0.02, "early_stopping": True, "n_iter_no_change": 3, "tol": 1e-3}
    model = train(x, y, options, 500)
    content = {
        "nValidationRows": 60,
        "nEpochs": model.n_iter_,
        "initial": model.initial_,
        "best": parameters_of(model),
        "lossCurve": model.loss_curve_,
        "validationCurve": [float(score) for score in model.validation_scores_],
    }
    write("mlp_early_stopping.json", content)


if __name__ == "__main__":
    warnings.simplefilter("ignore", ConvergenceWarning)
    neighbours()
    ridge()
    mlp()
    mlp_early_stopping()
