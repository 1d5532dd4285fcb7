"""The best few of an array of scores, best first; ties break by item index."""

import numpy as np

from slatewright.core.arrays import Index, Scores
from slatewright.pipeline.contracts import Proposal


def nothing() -> Proposal:
    """A proposal of no items."""
    return Proposal(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32))


def best(scores: Scores, limit: int) -> Proposal:
    """The ``limit`` highest of ``scores`` (n_items,), best first."""
    if limit >= len(scores):
        return arranged(np.arange(len(scores), dtype=np.int32), scores)
    bound = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    above = np.flatnonzero(scores > bound)
    level = np.flatnonzero(scores == bound)[: limit - len(above)]
    items = np.concatenate([above, level]).astype(np.int32)
    return arranged(items, scores[items])


def arranged(items: Index, scores: Scores) -> Proposal:
    """Items with their scores, best first."""
    order = np.lexsort((items, -scores))
    return Proposal(items[order], scores[order].astype(np.float32, copy=False))
