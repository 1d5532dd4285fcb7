"""What models that learn a ranking share: events of mean weight 1 in, a model that folds users in out."""

from dataclasses import replace

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Scores, Weights
from slatewright.data.dataset import Dataset
from slatewright.models.factorisation.als import discounts
from slatewright.models.factorisation.least_squares import taken
from slatewright.models.factorisation.sweeping import in_eigenbasis
from slatewright.models.fading import faded_histories
from slatewright.models.model import Known
from slatewright.models.shapes.factors import Factors

FOLD_IN = (12.0, 0.5, 0.01)  # penalty of a fold-in: reg next to the mean eigenvalue per item, exponent, unobserved
POPULAR = 0.25  # an event weighs more in a fold-in on a popular item: (users of the item) ** this


def of_mean_weight_one(dataset: Dataset, half_life_days: float | None) -> tuple[sparse.csr_matrix, Weights]:
    """The faded weights of all pairs, CSR float32 (n_users, n_items), of mean 1; and the factor on the weight of each
    item's events, float32 (n_items,), that brings a history to the scale of its fold-in."""
    by_user = taken(faded_histories(dataset.histories(), dataset.as_of, half_life_days), dataset.n_items)
    scale = 1 / float(np.mean(by_user.data, dtype=np.float64)) if by_user.nnz else 1.0
    by_user.data *= np.float32(scale)
    return by_user, discounts(by_user, -POPULAR) * np.float32(scale)


def answering(dataset: Dataset, items: Scores, item_weights: Weights, half_life_days: float | None) -> Factors:
    """A model of learned item vectors, float32 (n_items, d): whoever asks is folded in by least squares over them.

    ``item_weights`` multiplies the weights of a history; ``half_life_days`` fades them.
    """
    basis = in_eigenbasis(items)
    d = items.shape[1]
    return met_by_users(
        Factors(
            Known(dataset.users, dataset.items, dataset.histories()),
            item_factors=basis.factors,
            spectrum=basis.spectrum,
            typical=np.zeros(d, dtype=np.float32),
            item_weights=item_weights,
            penalty=fold_in_penalty(basis.spectrum, dataset.n_items),
            half_life_days=np.array([half_life_days or np.inf]),
            as_of=np.array([dataset.as_of], dtype=np.int64),
            crowd=np.zeros((d, d), dtype=np.float32),
            audience_penalty=np.zeros(3),
        )
    )


def fold_in_penalty(spectrum: Scores, n: int) -> Array:
    """What keeps a folded-in vector small, float64 (3,), in the scale of the n vectors that it is solved from."""
    scale = float(spectrum.mean()) / max(n, 1) + float(np.finfo(np.float32).tiny)
    return np.array([FOLD_IN[0] * scale, *FOLD_IN[1:]])


def met_by_users(model: Factors) -> Factors:
    """The model with all that it keeps of its users: their mean and their Gram matrix, folded in."""
    users = model.user_factors(model.known.histories)
    n, crowd = int(users.any(axis=1).sum()), users.T @ users
    penalty = fold_in_penalty(np.linalg.eigvalsh(crowd), n)
    return replace(model, typical=users.sum(axis=0) / np.float32(max(1, n)), crowd=crowd, audience_penalty=penalty)
