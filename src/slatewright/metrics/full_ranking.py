"""Where the right items stand among all items: counted from scores, a block of users at a time."""

from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.metrics.ranking import PerUser


def auc(scores: Scores, offsets: Offsets, relevant: Index, hidden_offsets: Offsets, hidden: Index) -> PerUser:
    """The chance that a right item is scored above one that is not, float64 (n,); equal scores count one half.

    ``scores`` (n, n_items), one block of users: a caller with many users asks block by block, so that users x items
    never stand in memory. User u's right items are ``relevant[offsets[u]:offsets[u + 1]]``; those in
    ``hidden[hidden_offsets[u]:hidden_offsets[u + 1]]`` (the history, as a rule) are not ranked. A right item that is
    hidden loses against all others. NaN where a user has no right item, or nothing but right ones is ranked.
    The area under the curve of Hanley and McNeil (1982), which is the Mann-Whitney statistic.

    Raises:
        BadInput: the shapes do not fit, an item is unknown, or a score is NaN.
    """
    n, n_items = scores.shape
    for name, bounds, items in (("relevant", offsets, relevant), ("hidden", hidden_offsets, hidden)):
        if len(bounds) != n + 1:
            raise BadInput(f"scores of {n} users must come with {n + 1} offsets of {name} items, got {len(bounds)}")
        if len(items) and not 0 <= items.min() <= items.max() < n_items:
            raise BadInput(f"{name} items must be among the {n_items} that are scored")
    if np.isnan(scores).any():
        raise BadInput(f"scores must be numbers, got {int(np.isnan(scores).sum())} of {scores.size} that are not")
    found = np.full(n, np.nan)
    in_chunks(
        lambda begin, end: _areas(
            scores[begin:end], offsets[begin : end + 1], relevant, hidden_offsets[begin : end + 1], hidden,
            found[begin:end],
        ),
        equal_chunks(n, n_items),
    )  # fmt: skip
    return found


@kernel()
def _areas(scores: Any, offsets: Any, relevant: Any, hidden_offsets: Any, hidden: Any, found: Any) -> None:
    state = np.zeros(scores.shape[1], dtype=np.int8)  # 1: right, 2: hidden
    for row in range(len(scores)):
        right = relevant[offsets[row] : offsets[row + 1]]
        unseen = hidden[hidden_offsets[row] : hidden_offsets[row + 1]]
        for item in right:
            state[item] = 1
        for item in unseen:
            state[item] = 2
        marks = np.sort(scores[row][right[state[right] == 1]])  # of the right items that are ranked, worst first
        if len(right):
            found[row] = _area(scores[row], state, marks, len(right))
        state[right] = 0
        state[unseen] = 0


@kernel()
def _area(scores: Any, state: Any, marks: Any, n_right: Any) -> Any:
    """Twice the wins of the marks over each other item, divided by twice the pairs: whole numbers, no rounding."""
    wins, others = 0, 0
    for item in range(len(scores)):
        if state[item] == 0:
            others += 1
            wins += (
                2 * len(marks) - np.searchsorted(marks, scores[item]) - np.searchsorted(marks, scores[item], "right")
            )
    return wins / (2 * others * n_right) if others else np.nan
