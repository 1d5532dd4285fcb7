"""Users and items as vectors that lie near each other where they take, or are taken by, alike.

A truncated SVD of the matrix of users and items (latent semantic analysis), of weights dampened by their logarithm and
by how common an item is. A user's vector is linear in the history, so a visitor folds in as those of training did.
"""

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from slatewright.core.arrays import Array, Frame, Mask, Scores
from slatewright.data.dataset import Dataset
from slatewright.data.encoding import FactsEncoder, FactsModel
from slatewright.models.segments.spaces import EventSpace, dampened, unit

MOST_CATEGORIES = 30  # of one fact; rarer ones share a place
OVERSAMPLES = 10


def event_space(dataset: Dataset, embedding_dim: int, seed: int) -> tuple[EventSpace, Scores]:
    """The space of a data set, and the vectors of its items as their users see them, float32 (n_items, d), length 1."""
    taken = dampened(dataset.matrix())
    users_of = np.bincount(taken.indices, minlength=dataset.n_items)
    weights = np.log1p(dataset.n_users / np.maximum(users_of, 1)).astype(np.float32)
    taken.data *= weights[taken.indices]
    rows = sparse.csr_matrix(taken.multiply(1 / np.maximum(_lengths(taken), 1e-12)[:, None]), dtype=np.float32)
    width = min(embedding_dim, *rows.shape)
    if rows.nnz == 0 or width == 0:
        nothing = np.zeros((dataset.n_items, max(width, 1)), dtype=np.float32)
        return EventSpace(nothing), nothing
    axes, spread = _right_side(rows, width, seed)
    space = EventSpace((axes * weights[:, None]).astype(np.float32))
    return space, unit((axes * spread).astype(np.float32))


def _right_side(rows: sparse.csr_matrix, width: int, seed: int) -> tuple[Array, Array]:
    """Right singular vectors (n_items, width) and singular values (width,), randomised and seeded."""
    _, spread, axes = randomized_svd(
        rows, width, n_oversamples=OVERSAMPLES, n_iter=4, random_state=seed, flip_sign=True
    )
    return np.ascontiguousarray(axes.T), spread


def _lengths(rows: sparse.csr_matrix) -> Array:
    squared: Array = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1), dtype=np.float64).ravel())
    return squared


def facts_model(facts: Frame, known: Mask) -> FactsModel | None:
    """The facts as numbers, learned from the rows where something is known; None where there is nothing to learn."""
    if facts.width == 0 or not known.any():
        return None
    model = FactsEncoder(most_categories=MOST_CATEGORIES).fit(facts, known)
    return model if model.columns() else None


def fact_vectors(model: FactsModel, facts: Frame, known: Mask) -> Scores:
    """Facts as rows float32 (n, columns) whose mean squared distance to their mean is 1, as that of unit vectors is."""
    rows = model.matrix(facts)
    spread = float(np.square(rows[known] - rows[known].mean(axis=0)).sum(axis=1).mean())
    return rows / np.float32(np.sqrt(max(spread, 1e-12)))
