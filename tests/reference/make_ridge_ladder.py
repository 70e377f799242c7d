"""Writes ridge_ladder.json: ridge regressions with leave-one-out errors by scikit-learn, for lib/compute/ridge.ts.

Run: python3 make_ridge_ladder.py > ridge_ladder.json   (numpy and scikit-learn; the versions are in the file)
"""
import json

import numpy
import sklearn
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.model_selection import LeaveOneOut, cross_val_predict

random = numpy.random.default_rng(7)
n, d, m = 40, 6, 3
x = random.normal(size=(n, d)).round(6)
y = (x @ random.normal(size=(d, m)) + random.normal(size=(n, m))).round(6)
alphas = [0.01, 0.1, 1.0, 10.0, 100.0, 1000.0]
errors = []
for alpha in alphas:
    left_out = cross_val_predict(Ridge(alpha=alpha), x, y, cv=LeaveOneOut())
    errors.append(((left_out - y) ** 2).mean(axis=0).tolist())
chosen = RidgeCV(alphas=alphas).fit(x, y)
costs = numpy.exp(0.3 * x[:, :1] + 0.1 * random.normal(size=(n, m))).round(6)
print(json.dumps({
    "made_by": f"numpy {numpy.__version__}, scikit-learn {sklearn.__version__}",
    "rows": n, "cols": d, "targets": m, "alphas": alphas,
    "x": x.ravel().tolist(), "y": y.ravel().tolist(),
    "leaveOneOutErrors": errors,
    "chosenAlpha": float(chosen.alpha_),
    "chosenWeights": chosen.coef_.T.ravel().tolist(),
    "chosenPredictions": chosen.predict(x).ravel().tolist(),
    "costs": costs.ravel().tolist(),
}))
