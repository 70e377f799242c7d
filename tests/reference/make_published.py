"""AIQs of the paper's plotted points by numpy and scipy: python tests/reference/make_published.py > tests/reference/published.json"""

import json
import pathlib
import sys

import numpy
import scipy
from scipy.spatial import ConvexHull

FIGURES = pathlib.Path(__file__).parents[2] / "data" / "paper" / "figures.json"


def hull(points):
    """Upper convex hull up to its highest vertex, by Qhull; the added points close it from below and from the right."""
    points = numpy.unique(numpy.array(points, float), axis=0)
    high = points[points[:, 1] == points[:, 1].max()][0]
    left = points[points[:, 0] == points[:, 0].min()]
    left = left[left[:, 1].argmax()]
    if left[1] == high[1]:
        return left[None]
    floor = numpy.array([[left[0], -1], [high[0], -1]])
    inside = points[(points[:, 0] >= left[0]) & (points[:, 0] <= high[0])]
    scale = numpy.array([high[0] - left[0], 1])
    all_points = numpy.vstack([inside, floor])
    vertices = all_points[ConvexHull(all_points / scale).vertices]
    vertices = vertices[vertices[:, 1] >= left[1]]
    return vertices[numpy.lexsort((vertices[:, 1], vertices[:, 0]))]


def reference_code(line, max_cost):
    line = numpy.vstack([line, [max_cost, line[-1][1]]])
    return float(numpy.trapezoid(line[:, 1], line[:, 0]) / max_cost)


def formula(line, low, high):
    costs = numpy.unique(numpy.concatenate([[low, high], line[(line[:, 0] > low) & (line[:, 0] < high), 0]]))
    values = numpy.where(costs < line[0, 0], line[0, 1] * costs / line[0, 0], numpy.interp(costs, line[:, 0], line[:, 1]))
    return float(numpy.trapezoid(values, costs) / (high - low))


rows = []
for panel in json.loads(FIGURES.read_text())["panels"]:
    models = [point for name, point in panel["models"].items() if name != "Oracle"]
    costs = [cost for cost, _ in models]
    systems = []
    for series in panel["series"]:
        if series["kind"] != "hull" or (series["router"] == "cascade" and series["errorRate"] is None):
            continue
        sweeps = [s["points"] for s in panel["series"] if s["kind"] == "sweep" and s["router"] == series["router"]
                  and s.get("errorRate") == series.get("errorRate")]
        points = models if series["router"] == "zero" else sweeps[0]
        systems.append((series, numpy.array(points, float)))
    max_cost = max(points[points[:, 1] == points[:, 1].max(), 0].max() for _, points in systems)
    for series, points in systems:
        rows.append({
            "figure": panel["figure"], "evalName": panel["evalName"], "router": series["router"], "errorRate": series.get("errorRate"),
            "maxCostUsd": float(max_cost),
            "referenceCode": reference_code(numpy.array(series["points"], float), max_cost),
            "referenceCodeOfTrueHull": reference_code(hull(points), max_cost),
            "formula": formula(hull(points), min(costs), max(costs)),
        })
json.dump({
    "made_by": "tests/reference/make_published.py",
    "versions": {"python": sys.version.split()[0], "numpy": numpy.__version__, "scipy": scipy.__version__},
    "rows": rows,
}, sys.stdout, indent=1)
print()
