"""How many segments? The number whose groups stand apart best, by the mean silhouette of a sample.

Rousseeuw: Silhouettes: a graphical aid to the interpretation and validation of cluster analysis, J. Comput. Appl. Math.
20 (1987).
"""

from collections.abc import Mapping

import numpy as np
from sklearn.metrics import silhouette_score

from slatewright.core.arrays import Scores
from slatewright.models.segments.clustering import Clusters, cluster

FEWEST, MOST = 2, 12
SAMPLE = 2000  # rows whose silhouettes are measured: pairs of them, so four million distances


def choose(rows: Scores, method: str, seed: int) -> tuple[Clusters, Mapping[int, float]]:
    """The clusters with the best mean silhouette, and that of each number tried; all in one where none can be told.

    ``rows`` float32 (n, d). The numbers tried are 2 to 12; of equal ones the smaller wins.
    """
    tried: dict[int, float] = {}
    best = cluster(rows, 1, method, seed)
    sample = np.sort(np.random.default_rng(seed).permutation(len(rows))[:SAMPLE])
    for n_segments in range(FEWEST, min(MOST, len(rows) - 1) + 1):
        found = cluster(rows, n_segments, method, seed)
        width = silhouette(rows[sample], found, sample)
        if width is None:
            continue
        if not tried or width > max(tried.values()):
            best = found
        tried[len(found)] = width
    return best, tried


def silhouette(rows: Scores, clusters: Clusters, sample: np.ndarray) -> float | None:
    """The mean silhouette of some rows, in -1..1; None where they lie in one group, or each in its own."""
    labels = clusters.labels[sample]
    groups = len(np.unique(labels))
    if groups < 2 or groups >= len(labels):
        return None
    return float(silhouette_score(rows, labels))
