"""Where the lists are right: the one array that every ranking metric reads."""

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.core.errors import BadInput


def hits(lists: Index, counts: Offsets, offsets: Offsets, relevant: Index) -> Mask:
    """Which places hold a relevant item, bool (n, k).

    ``lists`` int32 (n, k), best first; of row u only the first ``counts[u]`` places are filled, what lies behind them
    is never looked at. User u's relevant items are ``relevant[offsets[u]:offsets[u + 1]]``, in any order.

    Raises:
        BadInput: the shapes do not fit, or a list holds an item twice (it would be counted twice).
    """
    rows, k = _checked(lists, counts, offsets)
    filled = np.arange(k) < counts[:, None]  # (n, k)
    n_items = 1 + max(int(relevant.max(initial=0)), int(lists.max(initial=0, where=filled)))
    owner = np.repeat(np.arange(rows, dtype=np.int64), np.diff(offsets))
    wanted = owner * n_items + relevant  # one number per pair of user and item
    shown = np.arange(rows, dtype=np.int64)[:, None] * n_items + np.where(filled, lists, 0)  # (n, k)
    _check_distinct(shown, filled)
    return filled & np.isin(shown, wanted)


def _checked(lists: Index, counts: Offsets, offsets: Offsets) -> tuple[int, int]:
    if lists.ndim != 2 or len(counts) != len(lists) or len(offsets) != len(lists) + 1:
        raise BadInput(
            "lists must be (n, k) with n counts and n + 1 offsets, "
            f"got {lists.shape}, {len(counts)} counts and {len(offsets)} offsets"
        )
    return len(lists), lists.shape[1]


def _check_distinct(shown: Offsets, filled: Mask) -> None:
    pairs = np.sort(shown[filled])
    twice = np.flatnonzero(pairs[1:] == pairs[:-1])
    if len(twice):
        raise BadInput(
            f"a list must hold each item once, {len(twice)} of {len(pairs)} places repeat an item of their list"
        )
