"""Best mixes within two budgets by scipy's linear programme (HiGHS): python3 make_timed_surface.py > timed_surface.json

numpy 2, scipy 1.17.1.
"""

import json

import numpy as np
from scipy.optimize import linprog

generator = np.random.default_rng(1)


def case(count, tied):
    cost = generator.uniform(0, 1, count)
    seconds = generator.uniform(0, 5, count)
    quality = np.clip(0.4 * np.sqrt(cost) + 0.1 * seconds * generator.uniform(0, 1, count), 0, 1)
    if tied:
        cost, seconds, quality = np.round(cost, 1), np.round(seconds), np.round(quality, 1)
    budget = {"costUsd": float(generator.uniform(0, 1)), "latencySeconds": float(generator.uniform(0, 4))}
    if tied:
        budget = {"costUsd": round(budget["costUsd"], 1), "latencySeconds": float(round(budget["latencySeconds"]))}
    found = linprog(
        -quality,
        A_ub=np.vstack([cost, seconds, np.ones(count)]),
        b_ub=[budget["costUsd"], budget["latencySeconds"], 1],
        bounds=(0, None),
        method="highs",
    )
    points = [
        {"costUsd": float(c), "latencySeconds": float(s), "quality": float(q)}
        for c, s, q in zip(cost, seconds, quality)
    ]
    return {"points": points, "budget": budget, "quality": -float(found.fun)}


print(json.dumps({"cases": [case(count, tied) for count in [1, 2, 5, 12, 30] for tied in [False, True] for _ in range(4)]}))
