"""Items that came after the fit: each gets a vector from the people who took it, and nothing is learned again."""

from dataclasses import replace

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Scores, Weights
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.factorisation.least_squares import Basis, Penalty, Rows, taken
from slatewright.models.factorisation.sweeping import eigenbasis
from slatewright.models.fading import faded_as_stored
from slatewright.models.model import Known
from slatewright.models.shapes.factors import CONVERGED, MOST_STEPS, Factors


def with_new_items(model: Factors, dataset: Dataset) -> Factors:
    """The same model, which now also knows the users, the histories and the new items of a later data set.

    The vector of a new item solves the problem that half a sweep of ALS would pose for it, with the items that the
    model was fitted on standing still. Those keep their vectors but for a rotation; an item that nobody took has zeros.
    """
    items = IdMap.of([*model.known.items, *dataset.items])
    old = np.full(len(items), -1, dtype=np.int32)
    old[items.positions(model.known.items.names)] = np.arange(len(model.known.items), dtype=np.int32)
    histories = dataset.histories()
    histories = replace(histories, items=items.positions(dataset.items.names)[histories.items])
    fresh = np.flatnonzero(old < 0).astype(np.int32)
    vectors, weights = _solved(model, histories, old, fresh)
    factors = np.empty((len(items), vectors.shape[1]), dtype=np.float32)
    item_weights = np.empty(len(items), dtype=np.float32)
    factors[old >= 0], item_weights[old >= 0] = model.item_factors, model.item_weights  # both maps are sorted by name
    factors[fresh], item_weights[fresh] = vectors, weights
    spectrum, rotation = eigenbasis(factors.T @ factors)
    return replace(
        model,
        known=Known(dataset.users, items, histories),
        item_factors=factors @ rotation,
        spectrum=spectrum,
        typical=model.typical @ rotation,
        item_weights=item_weights,
        crowd=np.matmul(rotation.T @ model.crowd, rotation, dtype=np.float32),
    )


def _solved(model: Factors, histories: Histories, old: Index, fresh: Index) -> tuple[Scores, Weights]:
    """Vectors float32 (n_fresh, d) of the fresh items, in the basis of the model, and the weights of their events."""
    faded = faded_as_stored(histories, model.as_of, model.half_life_days)
    by_item = taken(faded, len(old)).T.tocsr()[fresh]
    takers = np.unique(by_item.indices).astype(np.int32)
    by_item = by_item[:, takers]
    weights = weights_like(model, np.diff(by_item.indptr))
    by_item.data *= np.repeat(weights, np.diff(by_item.indptr))
    known = histories.take(takers)
    known = known.only(old[known.items] >= 0)
    users = model.user_factors(replace(known, items=old[known.items]))
    spectrum, rotation = eigenbasis(model.crowd)
    vectors = np.empty((len(fresh), len(spectrum)), dtype=np.float32)
    rows = rows_among(by_item, Penalty(*model.audience_penalty.tolist()), len(model.known.users))
    rows.solve(Basis(users @ rotation, spectrum), vectors, MOST_STEPS, CONVERGED)
    return vectors @ rotation.T, weights


def rows_among(matrix: sparse.csr_matrix, penalty: Penalty, n_columns: int) -> Rows:
    """The problems of a matrix that shows only some of its columns; the others, of ``n_columns``, hold no entry."""
    penalties = penalty.of_rows(np.diff(matrix.indptr), n_columns)
    return replace(Rows.of(matrix, penalty), penalties=penalties)


def weights_like(model: Factors, takers: Array) -> Weights:
    """What an event weighs on items with that many takers each: as on the known item that comes closest."""
    known = model.known.histories
    counts = np.diff(taken(known, len(model.item_weights)).T.tocsr().indptr)
    if not len(counts):
        return np.ones(len(takers), dtype=np.float32)
    order = np.argsort(counts, kind="stable")
    above = np.minimum(np.searchsorted(counts[order], takers), len(order) - 1)
    below = np.maximum(above - 1, 0)
    nearer = np.abs(counts[order[below]] - takers) < np.abs(counts[order[above]] - takers)
    weights: Weights = model.item_weights[order[np.where(nearer, below, above)]]
    return weights
