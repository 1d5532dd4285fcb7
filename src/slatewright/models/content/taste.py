"""What people with like facts take: the answer for somebody of whom only facts are known."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Arrays, Frame, Scores
from slatewright.models.content.fact_features import FactFeatures, FactSpace
from slatewright.models.content.sparse_rows import SparseRows

BLOCK = 2048  # people at a time


@dataclass(frozen=True)
class Taste:
    """A ridge regression of what each user took on the user's facts, kept in parts that stay sparse.

    Somebody with the features g takes item i more often than the mean user by ``(g - mean) inverse (G'X)_i``, where G
    holds the centred features of the users and X what each took. ``mean`` float64 (features,), ``inverse`` float64
    (features, features); ``taken`` are the rows of the uncentred ``G'X`` and ``totals`` float32 (n_items,) the sums of
    X.
    """

    space: FactSpace
    mean: Array
    inverse: Array
    taken: SparseRows
    totals: Scores

    @classmethod
    def fit(cls, features: FactFeatures, facts: Frame, taken: sparse.csr_matrix, reg: float) -> "Taste":
        """Learn from the users who took anything; ``reg`` counts users who are as the mean."""
        active = np.diff(taken.indptr) > 0
        space = features.learn(facts, active if facts.height else None)
        rows = space.matrix(facts, taken.shape[0])[active].astype(np.float64)
        n = max(1, rows.shape[0])
        mean = np.asarray(rows.sum(axis=0)).ravel() / n
        spread = np.asarray((rows.T @ rows).todense()) - n * np.outer(mean, mean)
        inverse = np.linalg.inv(spread + reg * np.eye(len(mean)))
        had = sparse.csr_matrix(rows.T.astype(np.float32) @ taken[active])
        had.sort_indices()
        totals = np.asarray(taken.sum(axis=0), dtype=np.float32).ravel()
        return cls(space, mean, inverse, SparseRows.of(had), totals)

    def lean(self, facts: Frame | None, n: int) -> Scores | None:
        """How much more often than the mean user each of n people takes each item, float32 (n, n_items).

        None where nothing can be told apart; a row of zeros where no fact of a person is known.
        """
        if facts is None or not self.space.n_features:
            return None
        features = self.space.matrix(facts, n)
        told = np.diff(features.indptr) > 0
        if not told.any():
            return None
        lean = np.zeros((n, len(self.totals)), dtype=np.float32)
        taken = self.taken.matrix(len(self.totals))
        for start in range(0, n, BLOCK):
            rows = start + np.flatnonzero(told[start : start + BLOCK])
            toward = (features[rows].toarray() - self.mean) @ self.inverse
            lean[rows] = toward.astype(np.float32) @ taken
            lean[rows] -= (toward @ self.mean).astype(np.float32)[:, None] * self.totals
        return lean

    def arrays(self) -> Arrays:
        space = {f"people_{name}": array for name, array in self.space.arrays().items()}
        own = {"people_mean": self.mean, "people_inverse": self.inverse, "people_totals": self.totals}
        return space | own | dict(self.taken.arrays("people_taken"))

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "Taste":
        space = {name: arrays[f"people_{name}"] for name in ("card", "names", "name_offsets", "numbers")}
        return cls(
            FactSpace.from_arrays(space),
            arrays["people_mean"],
            arrays["people_inverse"],
            SparseRows.from_arrays(arrays, "people_taken"),
            arrays["people_totals"],
        )
