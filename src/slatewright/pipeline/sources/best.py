"""The best few of an array of scores, best first; ties break by item index."""

from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Scores
from slatewright.core.kernels import kernel
from slatewright.models.topk import best_first, chunk_best
from slatewright.pipeline.contracts import Proposal

CHUNK = 64  # scores of which only the best is looked at before all are


def nothing() -> Proposal:
    """A proposal of no items."""
    return Proposal(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32))


def best(scores: Scores, limit: int) -> Proposal:
    """The ``limit`` highest of ``scores`` (n_items,), best first."""
    if limit * CHUNK >= len(scores):
        return best_of(np.arange(len(scores), dtype=np.int32), scores, limit)
    highest = np.empty(-(-len(scores) // CHUNK), dtype=np.float32)
    _highest(scores, highest)
    # As many chunks as are wanted hold a score of at least this much, so the last of the best does, too.
    bound = np.partition(highest, len(highest) - limit)[len(highest) - limit]
    most = int(np.count_nonzero(highest > bound)) * CHUNK + limit
    items = np.empty(most, dtype=np.int32)
    found = items[: _above(scores, highest, bound, items, limit)]
    return best_of(found, scores[found], limit)


def best_of(items: Index, scores: Scores, limit: int) -> Proposal:
    """The ``limit`` highest of some items with their scores, each (n,), best first."""
    if limit < len(items):
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        kept = scores >= least
        items, scores = items[kept], scores[kept]
    ranked = arranged(items, scores)
    return Proposal(ranked.items[:limit], ranked.scores[:limit])


def arranged(items: Index, scores: Scores) -> Proposal:
    """Items with their scores, best first."""
    scores = scores.astype(np.float32, copy=False)
    order = best_first(items, scores)
    return Proposal(items[order], scores[order])


@kernel(fastmath=True)
def _highest(scores: Any, highest: Any) -> None:
    for at in range(len(highest)):
        highest[at] = chunk_best(scores, at * CHUNK, min((at + 1) * CHUNK, len(scores)))


@kernel()
def _above(scores: Any, highest: Any, bound: Any, items: Any, limit: Any) -> Any:
    """Fill in the items with a score above the bound, and the first ``limit`` of those at it; gives how many."""
    count, level = 0, 0
    for chunk in range(len(highest)):
        if highest[chunk] < bound or (highest[chunk] == bound and level == limit):
            continue
        for at in range(chunk * CHUNK, min((chunk + 1) * CHUNK, len(scores))):
            if scores[at] > bound or (scores[at] == bound and level < limit):
                level += scores[at] == bound
                items[count] = at
                count += 1
    return count
