"""Lists that are chosen from a few items of each case's own: sampled negatives, and whatever else a fold brings."""

import numpy as np

from slatewright.core.arrays import Index, Offsets
from slatewright.core.errors import BadInput
from slatewright.data.splits import Cases
from slatewright.data.splits.cases import Pools
from slatewright.data.splits.matching import also_in
from slatewright.models import ItemLists, Model
from slatewright.models.recommending import BLOCK_SCORES


def best_of_pools(model: Model, cases: Cases, pools: Pools, k: int) -> ItemLists:
    """The k best of each case's pool; of equal scores the one that stands earlier in the pool."""
    lengths = pools.lengths()
    width = int(lengths.max(initial=0))
    lists = []
    rows = max(1, BLOCK_SCORES // max(1, len(cases.items)))
    for start in range(0, len(cases), rows):
        block = np.arange(start, min(start + rows, len(cases)), dtype=np.int32)
        scores = model.score(cases.histories.take(block))
        places = np.minimum(pools.offsets[block, None] + np.arange(width), max(0, len(pools.items) - 1))
        items = pools.items[places] if len(pools.items) else np.zeros((len(block), width), np.int32)
        lists.append(_best(scores, items, lengths[block], min(k, width)))
    items, marks = (np.concatenate([one[at] for one in lists]) for at in (0, 1))
    return ItemLists(items, marks, np.minimum(lengths, k))


def _best(scores: np.ndarray, items: Index, lengths: Offsets, k: int) -> tuple[Index, np.ndarray]:
    marks = np.take_along_axis(scores, items.astype(np.int64), axis=1)
    marks[np.arange(items.shape[1]) >= lengths[:, None]] = -np.inf
    order = np.argsort(-marks, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(items, order, axis=1), np.take_along_axis(marks, order, axis=1)


def check_in_pools(lists: ItemLists, pools: Pools) -> ItemLists:
    """Let lists pass that hold only items of their cases' pools.

    Raises:
        BadInput: one holds another item.
    """
    filled = np.arange(lists.items.shape[1]) < lists.counts[:, None]
    ends = np.concatenate([[0], np.cumsum(filled.sum(axis=1))]).astype(np.int64)
    if outside := int((~also_in(lists.items[filled], ends, pools.items, pools.offsets)).sum()):
        raise BadInput(
            f"a recommender that is judged on sampled negatives must choose from cases.pools, "
            f"got {outside:,} other items"
        )
    return lists
