"""Segments on a plane: a sample of their members as points of two numbers each."""

from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from slatewright.core.arrays import Array, Index, Scores
from slatewright.models.segments.segmentation import Segments

POINTS = 1500  # members that are shown
FEW = 50  # below so many points there are no neighbourhoods to keep
NEIGHBORS = 30.0  # perplexity


@dataclass(frozen=True, slots=True)
class Plane:
    """``points`` float32 (n, 2); ``labels`` int32 (n,), the segment of each; ``kept`` says what distance means."""

    points: Scores
    labels: Index
    kept: str


def flattened(segments: Segments, seed: int) -> Plane:
    """Lay a sample of members on a plane.

    By t-SNE (van der Maaten and Hinton, JMLR 2008), started from the principal components; few points by these alone.
    """
    if segments.clusters is None:
        return Plane(np.empty((0, 2), np.float32), np.empty(0, np.int32), "")
    sample = np.sort(np.random.default_rng(seed).permutation(len(segments.rows))[:POINTS])
    rows, labels = segments.rows[sample], segments.clusters.labels[sample]
    if len(rows) < FEW or len(np.unique(rows, axis=0)) < FEW:
        return Plane(_principal(rows, seed), labels, "principal components: the two directions that vary most")
    learner = TSNE(2, init=_principal(rows, seed) * 1e-2, perplexity=NEIGHBORS / 2, random_state=seed, max_iter=600)
    with threadpool_limits(1):
        points = learner.fit_transform(rows)
    return Plane(
        points.astype(np.float32), labels, "t-SNE: who lies near each other is alike; long distances say little"
    )


def _principal(rows: Scores, seed: int) -> Scores:
    """The first two principal components, of deviation 1; zeros where there are fewer."""
    flat: Array = np.zeros((len(rows), 2), dtype=np.float32)
    width = min(2, *rows.shape)
    if len(rows) > 1:
        flat[:, :width] = PCA(width, random_state=seed).fit_transform(rows)
    scaled: Scores = flat / np.maximum(flat.std(axis=0), 1e-6)
    return scaled
