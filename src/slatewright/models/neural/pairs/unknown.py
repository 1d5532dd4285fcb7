"""A row for whoever has none: a linear map from the mean row of the items of a history to the row of its owner."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Arrays, Scores
from slatewright.data.histories import Histories

RIDGE = 1e-2  # of the mean square of what is mapped
BLOCK = 1 << 16  # users whose means are in memory at once


@dataclass(frozen=True, slots=True)
class Owners:
    """``users`` float32 (n_users, d) are the rows of known users; others get ``map`` float32 (1 + item numbers, d).

    ``typical`` float32 (d,), the mean user, answers a history that says nothing.
    """

    users: Scores
    map: Scores
    typical: Scores

    @classmethod
    def learned(cls, histories: Histories, items: Scores, users: Scores) -> "Owners":
        """The map by ridge regression over the known users; one without a history is given the typical row."""
        shares, says = shares_of(histories, len(items))
        if not says.any():
            typical = np.zeros(users.shape[1], dtype=np.float32)
            return cls(np.zeros_like(users), np.zeros((items.shape[1] + 1, users.shape[1]), np.float32), typical)
        squares, products = _summed(shares, says, items, users)
        ridge = RIDGE * np.trace(squares[1:, 1:]) / items.shape[1] * np.eye(len(squares))
        ridge[0, 0] = 1e-6
        typical = users[says].mean(axis=0)
        solved = np.linalg.solve(squares + ridge, products)
        return cls(np.where(says[:, None], users, typical), solved.astype(np.float32), typical)

    def rows(self, histories: Histories, items: Scores) -> Scores:
        """The row of each history's owner, float32 (n, d); of items of the map ``items`` float32 (n_items, numbers)."""
        found, known = self.known(histories)
        if known.all():
            return found
        shares, says = shares_of(histories, len(items))
        mapped = _means(shares, items) @ self.map
        return np.where(known[:, None], found, np.where(says[:, None], mapped, self.typical))

    def known(self, histories: Histories) -> tuple[Scores, Array]:
        """The rows of known owners, others 0, and which are known."""
        known = np.zeros(len(histories), dtype=np.bool_)
        found = np.zeros((len(histories), self.users.shape[1]), dtype=np.float32)
        if histories.owners is not None:
            known = histories.owners < len(self.users)
            found[known] = self.users[histories.owners[known]]
        return found, known

    def parts(self, history: Histories, items: Scores) -> Scores:
        """What each event of one history adds to its row by the map, float32 (events, d)."""
        weights = np.maximum(history.weights, 0)
        total = max(float(weights.sum(dtype=np.float64)), 1e-30)
        parts: Scores = (weights / np.float32(total))[:, None] * (items[history.items] @ self.map[1:])
        return parts.astype(np.float32)

    def arrays(self) -> Arrays:
        """For a bundle."""
        return {"owners/users": self.users, "owners/map": self.map, "owners/typical": self.typical}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "Owners":
        """The owners again."""
        return cls(arrays["owners/users"], arrays["owners/map"], arrays["owners/typical"])


def shares_of(histories: Histories, n_items: int) -> tuple[sparse.csr_matrix, Array]:
    """The share of each item in the weight of a history, CSR float32 (n, n_items), and which histories say anything."""
    matrix = histories.matrix(n_items)
    matrix.data = np.maximum(matrix.data, 0).astype(np.float64)
    sums = np.asarray(matrix.sum(axis=1)).ravel()
    says = sums > 0
    scale = sparse.diags(np.divide(1.0, sums, out=np.zeros_like(sums), where=says))
    return (scale @ matrix).astype(np.float32).tocsr(), says


def _summed(shares: sparse.csr_matrix, says: Array, items: Scores, users: Scores) -> tuple[Array, Array]:
    """Of the means of those who say anything: the products with each other and with their rows, float64."""
    width = items.shape[1] + 1
    squares, products = np.zeros((width, width)), np.zeros((width, users.shape[1]))
    for start in range(0, len(users), BLOCK):
        block = slice(start, start + BLOCK)
        means = _means(shares[block], items)[says[block]].astype(np.float64)
        squares += means.T @ means
        products += means.T @ users[block][says[block]]
    return squares, products


def _means(shares: sparse.csr_matrix, items: Scores) -> Scores:
    """1, then the mean row of the items: float32 (n, 1 + numbers)."""
    means = np.ones((shares.shape[0], items.shape[1] + 1), dtype=np.float32)
    means[:, 1:] = shares @ items
    return means
