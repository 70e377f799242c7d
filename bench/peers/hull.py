import numpy as np
from scipy.spatial import ConvexHull


def prepare(folder, _variant):
    points = np.fromfile(folder / "points.f64").reshape(-1, 2)

    def run():
        corners = points[ConvexHull(points).vertices]
        corners = corners[np.lexsort((corners[:, 1], corners[:, 0]))]
        best = corners[:, 1].argmax()
        # The upper chain from the cheapest corner to the best one.
        first, last = corners[0], corners[best]
        slope = (last[1] - first[1]) / (last[0] - first[0])
        upper = corners[: best + 1]
        upper = upper[upper[:, 1] >= first[1] + slope * (upper[:, 0] - first[0]) - 1e-15]
        return {"costs": upper[:, 0], "qualities": upper[:, 1]}

    return run
