"""Returns cancel purchases: each return takes from the latest earlier purchase of the same user and item, then from
the one before it. What is left of a purchase is netted; a purchase with nothing left is as if it had never been.

Done when a data set is read, as of its instant: the log keeps both events, so a later return never leaks into the past.
"""

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index, Mask, Times
from slatewright.core.kernels import kernel

PURCHASE = "purchase"
RETURN = "return"

_Amounts = npt.NDArray[np.float64]
_NOTHING = 1e-6  # what is left of one unit after float arithmetic


def remaining_shares(user: Index, item: Index, time: Times, returned: Mask, amounts: _Amounts) -> _Amounts:
    """The share of each row that no return took, in [0, 1], float64 (n,).

    Rows are purchases and returns, ``amounts`` (>= 0) how much was bought or brought back. A return of the same instant
    counts as later than the purchase. Rows of returns have share 0; a return that finds no purchase takes nothing.
    """
    shares = np.where(returned, 0.0, 1.0)
    rows = _touched(user, item, returned)
    order = rows[np.lexsort((amounts[rows], returned[rows], time[rows], item[rows], user[rows]))]
    left = amounts[order].copy()
    _take(user[order], item[order], returned[order], left)
    bought = ~returned[order]
    paid = order[bought]
    share = np.divide(left[bought], amounts[paid], out=np.ones(len(paid)), where=amounts[paid] > 0)
    shares[paid] = np.where(share > _NOTHING, share, 0.0)
    return shares


def _touched(user: Index, item: Index, returned: Mask) -> npt.NDArray[np.int64]:
    """Rows of the (user, item) pairs that have a return: few, so all other rows only pay for one look-up."""
    has_return = np.zeros(int(user.max(initial=-1)) + 1, dtype=np.bool_)
    has_return[user[returned]] = True
    rows = np.flatnonzero(has_return[user])
    n_items = int(item.max(initial=-1)) + 1
    pairs = user[rows].astype(np.int64) * n_items + item[rows]
    return rows[np.isin(pairs, pairs[returned[rows]])]


@kernel()
def _take(user: Index, item: Index, returned: Mask, left: _Amounts) -> None:
    """Rows sorted by pair, then time: let each return take from the purchases before it, the latest first.

    A purchase that has nothing left is never looked at again (``below`` skips it), so this is linear.
    """
    below = np.arange(-1, len(left) - 1)  # the next purchase to ask, further back
    top = -1
    for row in range(len(left)):
        if row > 0 and (user[row] != user[row - 1] or item[row] != item[row - 1]):
            top = -1
        if not returned[row]:
            below[row] = top
            top = row
            continue
        wanted = left[row]
        while top >= 0 and wanted > 0.0:
            taken = min(wanted, left[top])
            left[top] -= taken
            wanted -= taken
            if left[top] <= 0.0:
                top = below[top]
