"""Makes the reference values of tests/evaluation/predictor_quality_test.ts and tests/routers/rerank_test.ts.

Run it in this folder, with any recent Python:

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install scikit-learn pandas && /tmp/reference/bin/python make_predictor_reference.py

It writes predictor_quality.json with scikit-learn, scipy and pandas. Predictions and qualities come from the generator of
make_reference.py, which the test repeats; predictions are multiples of 1/2**32 (no ties) or of 1/10 (many).
"""

import json
import platform
from pathlib import Path

import numpy
import pandas
import scipy
import sklearn
from make_reference import WholeNumbers
from scipy.integrate import quad
from scipy.stats import norm, somersd, spearmanr
from sklearn.calibration import calibration_curve
from sklearn.metrics import mean_squared_error, roc_auc_score

MADE_BY = {
    "command": "python make_predictor_reference.py",
    "python": platform.python_version(),
    "numpy": numpy.__version__,
    "pandas": pandas.__version__,
    "scipy": scipy.__version__,
    "scikit-learn": sklearn.__version__,
}

N_PROMPTS, N_MODELS = 500, 4
TRAIN_MEANS = [0.5, 0.625, 0.25, 0.75]


def inputs(seed, n_levels, n_steps):
    """Predictions in steps of 1 / n_steps, qualities of n_levels equidistant grades that follow them with noise; the last model is always right."""
    numbers = WholeNumbers(seed)
    predicted, quality = numpy.zeros((N_PROMPTS, N_MODELS)), numpy.zeros((N_PROMPTS, N_MODELS))
    for i in range(N_PROMPTS):
        for j in range(N_MODELS):
            predicted[i, j] = ((numbers.next() * 2**16 + numbers.next()) % (n_steps + 1)) / n_steps
            noisy = (predicted[i, j] + (numbers.next() % 1000) / 1000) / 2
            grade = min(n_levels - 1, int(noisy * n_levels))
            quality[i, j] = 1 if j == N_MODELS - 1 else grade / (n_levels - 1)
    return predicted, quality


def measures(predicted, quality):
    constant = len(set(quality)) == 1 or len(set(predicted)) == 1
    if len(set(quality)) == 1:
        auroc = None
    elif set(quality) <= {0, 1}:
        auroc = roc_auc_score(quality, predicted)
    elif len(set(predicted)) == 1:
        auroc = 0.5  # every pair is tied, where scipy's somersd gives no number
    else:
        auroc = (somersd(quality, predicted).statistic + 1) / 2
    frame = pandas.DataFrame({"predicted": predicted, "realised": quality})
    # A prediction's bin: the share of smaller ones, in tenths.
    frame["bin"] = (10 * (frame["predicted"].rank(method="min").astype(int) - 1)) // len(frame)
    bins = frame.groupby("bin").agg(predicted=("predicted", "mean"), realised=("realised", "mean"), count=("predicted", "size"))
    error = (bins["count"] * (bins["predicted"] - bins["realised"]).abs()).sum() / len(frame)
    return {
        "meanSquaredError": mean_squared_error(quality, predicted),
        "rankCorrelation": None if constant else spearmanr(predicted, quality).statistic,
        "auroc": auroc,
        "calibration": bins.to_dict("records"),
        "expectedCalibrationError": error,
    }


def beside_constant(predicted, quality, constant):
    own, base = measures(predicted, quality), measures(constant, quality)
    return {**own, "constant": base, "skill": 1 - own["meanSquaredError"] / base["meanSquaredError"]}


def case(name, seed, n_levels, n_steps):
    predicted, quality = inputs(seed, n_levels, n_steps)
    constant = numpy.tile(TRAIN_MEANS, (N_PROMPTS, 1))
    models = [beside_constant(predicted[:, j], quality[:, j], constant[:, j]) for j in range(N_MODELS)]
    result = {
        "name": name,
        "seed": seed,
        "nLevels": n_levels,
        "nSteps": n_steps,
        "models": models,
        "pooled": beside_constant(predicted.ravel(), quality.ravel(), constant.ravel()),
    }
    if n_levels == 2 and n_steps > N_PROMPTS:
        assert len(set(predicted[:, 0])) == N_PROMPTS
        # Without ties the bins are scikit-learn's too.
        realised, means = calibration_curve(quality[:, 0], predicted[:, 0], n_bins=10, strategy="quantile")
        assert numpy.allclose(realised, [b["realised"] for b in models[0]["calibration"]], atol=1e-15)
        assert numpy.allclose(means, [b["predicted"] for b in models[0]["calibration"]], atol=1e-15)
        print(f"{name}: calibration equals calibration_curve")
    return result


def rerank(qualities, noise):
    """Expected quality of the answer with the highest noisy reward, by adaptive quadrature over each answer's noise."""
    def kept(j):
        def integrand(z):
            others = [norm.cdf(z + (qualities[j] - q) / noise) for k, q in enumerate(qualities) if k != j]
            return norm.pdf(z) * numpy.prod(others)
        return quad(integrand, -12, 12, epsabs=1e-13, epsrel=1e-12, limit=500, points=[0])[0]
    return {"qualities": qualities, "rewardNoise": noise, "quality": sum(q * kept(j) for j, q in enumerate(qualities))}


RERANK_QUALITIES = [
    [0, 1],
    [0.25, 0.5],
    [0, 0, 1],
    [1, 1, 0, 0, 0],
    [0.25, 0.75, 0.75, 0, 1],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 0],
]

if __name__ == "__main__":
    content = {
        "madeBy": MADE_BY,
        "nPrompts": N_PROMPTS,
        "trainMeans": TRAIN_MEANS,
        "cases": [
            case("right or wrong, no ties", 11, 2, 2**32),
            case("right or wrong, many ties", 12, 2, 10),
            case("quarters, many ties", 13, 5, 10),
            case("tenths, no ties", 14, 11, 2**32),
        ],
        "rerank": [rerank(qualities, noise) for qualities in RERANK_QUALITIES for noise in (0.1, 0.3, 1, 5)],
    }
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    Path(__file__).with_name("predictor_quality.json").write_text(text + "\n", encoding="utf-8")
    print(f"predictor_quality.json: {len(text):,} bytes")
