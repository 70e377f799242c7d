import numpy as np
from scipy.spatial import ConvexHull, QhullError

N_MODELS = 11


def prepare(folder, n_resamples):
    read = lambda name: np.fromfile(folder / f"{name}.f64").reshape(N_MODELS, -1)
    samples = [(read(f"{which}_cost"), read(f"{which}_quality")) for which in ("first", "second")]
    low, high = np.fromfile(folder / "range.f64")
    n = samples[0][0].shape[1]

    def run():
        weights = np.random.default_rng(1).multinomial(n, np.full(n, 1 / n), size=int(n_resamples)).astype(float)
        differences = difference(samples, weights, low, high)
        return {"difference": difference(samples, np.ones((1, n)), low, high), "standardError": [differences.std(ddof=1)]}

    return run


def difference(samples, weights, low, high):
    areas = []
    for costs, qualities in samples:
        means = np.stack([weights @ costs.T, weights @ qualities.T], -1) / weights.shape[1]
        areas.append(np.array([mean_quality(points, low, high) for points in means]))
    return areas[0] - areas[1]


def mean_quality(points, low, high):
    """Mean height of the non-decreasing hull over a range of costs: straight from the origin left of it, flat right of it."""
    hull = np.vstack([[0, 0], rising_hull(points)])
    at = np.unique(np.clip(np.append(hull[:, 0], high), low, high))
    heights = np.interp(at, hull[:, 0], hull[:, 1])
    return (np.diff(at) * (heights[1:] + heights[:-1]) / 2).sum() / (high - low)


def rising_hull(points):
    try:
        corners = points[ConvexHull(points).vertices]
    except QhullError:
        corners = points
    corners = corners[np.lexsort((-corners[:, 1], corners[:, 0]))]
    kept = []
    for corner in corners[: corners[:, 1].argmax() + 1]:
        while len(kept) > 1 and cross(kept[-2], kept[-1], corner) >= 0:
            kept.pop()
        if not kept or corner[1] > kept[-1][1]:
            kept.append(corner)
    return np.array(kept)


def cross(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
