"""Implicit alternating least squares in the eigenbasis of the Gram matrix.

The objective is that of Hu, Koren, Volinsky (ICDM 2008) with the frequency-scaled penalty of Rendle et al. (RecSys
2022). Before each half sweep both factor matrices are rotated by the eigenvectors of the fixed side's Gram matrix:
there the dense part of every normal equation is diagonal, and a few preconditioned conjugate-gradient steps, started
from the factors of the sweep before, are enough.
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.models.fading import faded_histories
from slatewright.models.least_squares import Penalty, solve_rows
from slatewright.models.model import Known
from slatewright.models.shapes.factors import Factors

STEPS = 3


@dataclass(frozen=True)
class ALS:
    """Matrix factorisation of what users did, everything they did not do counting a little."""

    embedding_dim: Annotated[int, Knob("numbers per item", least=1, most=4096, search=(16, 512))] = 64
    reg: Annotated[float, Knob("penalty on large factors", above=0, search=(1e-4, 10))] = 0.01
    reg_exponent: Annotated[
        float, Knob("0: one penalty for all; 1: the penalty grows with the number of events", least=0, most=1)
    ] = 1.0
    unobserved_weight: Annotated[
        float, Knob("what a pair without events weighs, next to 1 for an event", above=0, search=(1e-3, 1))
    ] = 0.1
    epochs: Annotated[int, Knob("sweeps over users and items", least=1, search=(4, 32))] = 16
    half_life_days: Annotated[
        float | None, Knob("an event this many days old counts half; none: all count alike", above=0, search=(7, 730))
    ] = None
    rng: Annotated[Rng, Knob("seed, or generator, of the first factors")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> Factors:
        histories = faded_histories(dataset.histories(), dataset.as_of, self.half_life_days)
        by_user = histories.matrix(dataset.n_items)
        users, items = self._factorise(by_user)
        half_life = np.inf if self.half_life_days is None else self.half_life_days
        penalty = (self.reg, self.reg_exponent, self.unobserved_weight)
        basis, spectrum = _eigenbasis(items)
        return Factors(
            Known(dataset.users, dataset.items, dataset.histories()),
            item_factors=items @ basis,
            spectrum=spectrum,
            typical=(users.mean(axis=0) if len(users) else np.zeros(len(basis), np.float32)) @ basis,
            fold_in=np.array([*penalty, half_life], dtype=np.float64),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )

    def _factorise(self, by_user: sparse.csr_matrix) -> tuple[Scores, Scores]:
        n_users, n_items = by_user.shape
        by_item = by_user.T.tocsr()
        penalty = Penalty(self.reg, self.reg_exponent, self.unobserved_weight)
        draw = generator(self.rng).standard_normal((n_items, self.embedding_dim), dtype=np.float32)
        items = draw * np.float32(0.1 / np.sqrt(self.embedding_dim))
        users = np.zeros((n_users, self.embedding_dim), dtype=np.float32)
        for _ in range(self.epochs):
            for matrix, fixed, moving in ((by_user, "items", "users"), (by_item, "users", "items")):
                sides = {"users": users, "items": items}
                basis, spectrum = _eigenbasis(sides[fixed])
                sides = {name: side @ basis for name, side in sides.items()}
                solve_rows(matrix, sides[fixed], spectrum, penalty, sides[moving], STEPS)
                users, items = sides["users"], sides["items"]
        return users, items


def _eigenbasis(factors: Scores) -> tuple[Scores, Scores]:
    """Eigenvectors float32 (d, d) and eigenvalues float32 (d,) of the Gram matrix of the rows."""
    spectrum, basis = np.linalg.eigh(factors.T @ factors)
    return np.ascontiguousarray(basis), np.maximum(spectrum, 0)
