"""From what an algorithm learned to the arrays of ``RatingFactors``."""

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.data.dataset import Dataset
from slatewright.models.model import Known
from slatewright.models.ratings.descent import Side
from slatewright.models.ratings.table import Scale
from slatewright.models.shapes.rating_factors import RatingFactors


def one_set(
    dataset: Dataset,
    items: Side,
    scale: Scale,
    penalties: tuple[float, float],
    *,
    exponent: float,
    links: Scores | None = None,
) -> RatingFactors:
    """One set of factors. ``penalties`` of a user's level and vector, times ``ratings ** exponent``; links (n, d)."""
    width = items.vectors.shape[1]
    precision = np.full(1 + width, penalties[1], dtype=np.float32)
    precision[0] = penalties[0]
    return RatingFactors(
        Known(dataset.users, dataset.items, dataset.histories()),
        levels=items.levels[None],
        vectors=led(items.vectors, 1)[None],
        means=np.zeros((1, 1 + width), dtype=np.float32),
        precisions=np.diag(precision)[None],
        links=np.empty((1, 0, 1 + width), dtype=np.float32) if links is None else led(links, 0)[None],
        exponent=np.array([exponent]),
        scale=scale.array(),
    )


def led(vectors: Scores, first: float) -> Scores:
    """The vectors with one more number before the others, float32 (n, 1 + d)."""
    out = np.empty((len(vectors), 1 + vectors.shape[1]), dtype=np.float32)
    out[:, 0], out[:, 1:] = first, vectors
    return out
