"""What rating neighbours are asked: pairs of a history and an item; and how a few voices make a mean."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories
from slatewright.models.knn.neighbors import Lists
from slatewright.models.knn.selecting import cut

Say: TypeAlias = Callable[[Histories, Lists], Scores]  # about the items that each history is asked about, end to end
NOTHING = np.empty(0, dtype=np.float32)  # the numbers of lists that have none


def pairs_by_row(rows: Index, n: int) -> tuple[Offsets, Offsets]:
    """The order int64 (pairs,) that brings pairs of a row together, and the bounds int64 (n + 1,) of the rows."""
    order = np.argsort(rows, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))]).astype(np.int64)
    return order, bounds


def said_of_all(say: Say, histories: Histories, items: Index | None, n_items: int) -> Scores:
    """What ``say`` answers about the same items (none given: all ``n_items``) for each history, float32 (n, items)."""
    targets, n = np.arange(n_items, dtype=np.int32) if items is None else items, len(histories)
    bounds = np.arange(n + 1, dtype=np.int64) * len(targets)
    return say(histories, Lists(bounds, targets, NOTHING)).reshape(n, len(targets))


def said_of_pairs(say: Say, histories: Histories, rows: Index, items: Index) -> Scores:
    """What ``say`` answers about ``items[p]`` for history ``rows[p]``, float32 (pairs,)."""
    order, bounds = pairs_by_row(rows, len(histories))
    out = np.empty(len(rows), dtype=np.float32)
    out[order] = say(histories, Lists(bounds, items[order], NOTHING))
    return out


@kernel(fastmath=True)
def targets_of(asked: Lists, row: Any) -> Any:
    """The items that a history is asked about: its own list, or the one list of all where there is only one."""
    length = asked.bounds[row + 1] - asked.bounds[row]
    first = asked.bounds[row] if len(asked.members) == asked.bounds[-1] else 0
    return asked.members[first : first + length]


@kernel(fastmath=True)
def mean_of_best(numbers: Any, members: Any, count: Any, most: Any, deviations: Any, keys: Any) -> Any:
    """The mean of the ``deviations`` of the ``most`` most similar of ``count`` notes, weighed by similarity.

    A note is a similarity in ``numbers`` and, in ``members``, whose deviation it weighs; notes are put out of order."""
    if count > most:
        cut(numbers, members, count, most, keys)
    above, below = np.float32(0), np.float32(0)
    for at in range(min(count, most)):
        above += numbers[at] * deviations[members[at]]
        below += numbers[at]
    return above / below
