"""Where the right items stand among all items: counted from scores, a block of users at a time."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Array, Index, Offsets, Scores
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.metrics.ranking import PerUser

Wins: TypeAlias = npt.NDArray[np.float64]


def wins(scores: Scores, offsets: Offsets, relevant: Index, hidden_offsets: Offsets, hidden: Index) -> Wins:
    """How many other items each right item is ranked above, float64 (right items,); equal scores count one half.

    ``scores`` (n, n_items), one block of users: a caller with many users asks block by block, so that users x items
    never stand in memory. User u's right items are ``relevant[offsets[u]:offsets[u + 1]]``; those in
    ``hidden[hidden_offsets[u]:hidden_offsets[u + 1]]`` (the history, as a rule) are not ranked: a right item among them
    has no wins, NaN.

    Raises:
        BadInput: the shapes do not fit, an item is unknown, or a score is NaN.
    """
    n, n_items = scores.shape
    for name, bounds, items in (("relevant", offsets, relevant), ("hidden", hidden_offsets, hidden)):
        if len(bounds) != n + 1:
            raise BadInput(f"scores of {n} users must come with {n + 1} offsets of {name} items, got {len(bounds)}")
        inside = items[bounds[0] : bounds[-1]]
        if len(inside) and not 0 <= inside.min() <= inside.max() < n_items:
            raise BadInput(f"{name} items must be among the {n_items} that are scored")
    if np.isnan(scores).any():
        raise BadInput(f"scores must be numbers, got {int(np.isnan(scores).sum())} of {scores.size} that are not")
    found = np.full(offsets[-1] - offsets[0], np.nan)
    in_chunks(
        lambda begin, end: _wins(
            scores[begin:end], offsets[begin : end + 1], relevant, hidden_offsets[begin : end + 1], hidden,
            found[offsets[begin] - offsets[0] : offsets[end] - offsets[0]],
        ),
        chunks_of((offsets - offsets[0]) * n_items),
    )  # fmt: skip
    return found


def auc(won: Wins, offsets: Offsets, ranked: Offsets, unknown: Offsets | None = None) -> PerUser:
    """The chance that a right item is ranked above one that is not right, float64 (n,); a tie counts one half.

    ``won`` (right items,) are the ``wins`` of each user's right items, ``ranked`` int (n,) how many items were ranked
    for the user. A right item that is not ranked (NaN), and the ``unknown`` ones that no list could hold, lose against
    everything. NaN for a user without a right item, or for whom nothing but right items is ranked. The area under the
    curve, which is the statistic of Mann and Whitney (Hanley and McNeil 1982).
    """
    owner = np.repeat(np.arange(len(ranked)), np.diff(offsets))
    listed = ~np.isnan(won)
    inside = np.bincount(owner[listed], minlength=len(ranked))
    over_all = np.bincount(owner[listed], won[listed], minlength=len(ranked))
    over_wrong = over_all - inside * (inside - 1) / 2  # of two right items one wins, or each one half
    pairs: Array = (np.diff(offsets) + (0 if unknown is None else unknown)) * (ranked - inside)
    areas = np.full(len(ranked), np.nan)
    np.divide(over_wrong, pairs, out=areas, where=pairs > 0)
    return areas


@kernel()
def _below(row: Any, mark: Any) -> Any:
    """Twice the items below a score, plus those at it: whole numbers, so that nothing is rounded."""
    below, equal = 0, 0
    for score in row:
        below += score < mark
        equal += score == mark
    return 2 * below + equal


@kernel()
def _wins(scores: Any, offsets: Any, relevant: Any, hidden_offsets: Any, hidden: Any, found: Any) -> None:
    for row in range(len(scores)):
        if offsets[row] == offsets[row + 1]:
            continue
        unseen = np.unique(hidden[hidden_offsets[row] : hidden_offsets[row + 1]])
        for at in range(offsets[row], offsets[row + 1]):
            item = relevant[at]
            if not np.any(unseen == item):
                mark = scores[row, item]
                twice = _below(scores[row], mark) - 1  # it is at its own score
                for other in unseen:
                    twice -= 2 * (scores[row, other] < mark) + (scores[row, other] == mark)
                found[at - offsets[0]] = twice / 2
