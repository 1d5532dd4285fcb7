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

from slatewright.core.arrays import Array, Scores
from slatewright.core.kernels import one_at_a_time, single_threaded_blas
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.models.chunks import equal_chunks, in_chunks
from slatewright.models.fading import faded_histories
from slatewright.models.least_squares import Basis, Penalty, Rows
from slatewright.models.model import Known
from slatewright.models.shapes.factors import Factors

STEPS = 2  # more change neither the loss nor the ranking by much, next to one more epoch


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
        users, items = self.factorise(by_user)
        half_life = np.inf if self.half_life_days is None else self.half_life_days
        return Factors(
            Known(dataset.users, dataset.items, dataset.histories()),
            item_factors=items.factors,
            spectrum=items.spectrum,
            typical=users.mean(axis=0) if len(users) else np.zeros_like(items.spectrum),
            fold_in=np.array([self.reg, self.reg_exponent, self.unobserved_weight, half_life]),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )

    def factorise(self, by_user: sparse.csr_matrix) -> tuple[Scores, Basis]:
        """User factors and item factors of a matrix of weights, both in the eigenbasis of the item side."""
        penalty = Penalty(self.reg, self.reg_exponent, self.unobserved_weight)
        user_rows, item_rows = Rows.of(by_user, penalty), Rows.of(by_user.T.tocsr(), penalty)
        n_users, n_items = by_user.shape
        draw = generator(self.rng).standard_normal((n_items, self.embedding_dim), dtype=np.float32)
        items = draw * np.float32(0.1 / np.sqrt(self.embedding_dim))
        users = np.zeros((n_users, self.embedding_dim), dtype=np.float32)
        gram = items.T @ items
        with one_at_a_time(), single_threaded_blas():
            for _ in range(self.epochs):
                gram = half_sweep(user_rows, items, users, gram)
                gram = half_sweep(item_rows, users, items, gram)
            spectrum = rotate(gram, items, users)
        return users, Basis(items, spectrum)


def half_sweep(rows: Rows, fixed: Scores, moving: Scores, gram: Array) -> Array:
    """Improve ``moving`` given ``fixed``, whose Gram matrix is ``gram``; both are rotated in place, into its eigenbasis.

    Gives the Gram matrix of ``moving``, for the next half sweep.
    """
    spectrum, rotation = eigenbasis(gram)
    rotate_rows(fixed, rotation)
    basis = Basis(fixed, spectrum)

    def improve(begin: int, end: int) -> Array:
        part = moving[begin:end]
        part[:] = part @ rotation
        rows.improve_chunk(begin, end, basis, moving, (STEPS, 0.0))
        product: Array = part.T @ part
        return product

    return np.sum(in_chunks(improve, rows.bounds(work=len(gram))), axis=0)


def rotate(gram: Array, *sides: Scores) -> Scores:
    """Rotate factors in place into the eigenbasis of a Gram matrix; gives its eigenvalues."""
    spectrum, rotation = eigenbasis(gram)
    for side in sides:
        rotate_rows(side, rotation)
    return spectrum


def rotate_rows(side: Scores, rotation: Scores) -> None:
    """Multiply every row by a rotation, in place."""

    def turn(begin: int, end: int) -> None:
        side[begin:end] = side[begin:end] @ rotation

    in_chunks(turn, equal_chunks(len(side), side.shape[1] ** 2))


def eigenbasis(gram: Array) -> tuple[Scores, Scores]:
    """Eigenvalues float32 (d,), none negative, and eigenvectors float32 (d, d) in columns."""
    spectrum, vectors = np.linalg.eigh(gram)
    return np.maximum(spectrum, 0), np.ascontiguousarray(vectors)
