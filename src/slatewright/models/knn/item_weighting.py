"""How much an event says about an item, before similarities are taken."""

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array

K1, B = 1.2, 0.75  # BM25: how soon repeats saturate, how much a popular item is discounted; the customary values


def weighted(by_item: sparse.csr_matrix, weighting: str) -> sparse.csr_matrix:
    """CSR float32 (n_items, n_users) reweighted by ``cosine`` (as it is), ``bm25`` or ``tfidf``.

    BM25 and TF-IDF treat an item as a document and its users as words, as the library ``implicit`` does.
    """
    if weighting == "cosine":
        return by_item
    weigh = {"bm25": _bm25, "tfidf": _tfidf}[weighting]
    result = by_item.copy()
    result.data = weigh(by_item).astype(np.float32)
    return result


def _rarity(by_item: sparse.csr_matrix) -> Array:
    """log(items / (1 + items of the user)) of each entry's user, float64 (entries,)."""
    items_per_user = np.bincount(by_item.indices, minlength=by_item.shape[1])
    logs = np.log(by_item.shape[0]) - np.log1p(items_per_user)
    rarity: Array = logs[by_item.indices]
    return rarity


def _tfidf(by_item: sparse.csr_matrix) -> Array:
    terms: Array = np.sqrt(by_item.data) * _rarity(by_item)
    return terms


def _bm25(by_item: sparse.csr_matrix) -> Array:
    sums = np.asarray(by_item.sum(axis=1), dtype=np.float64).ravel()
    norm = (1 - B) + B * sums / max(float(sums.mean()), 1e-30)
    norms = np.repeat(norm, np.diff(by_item.indptr))
    terms: Array = by_item.data * (K1 + 1) / (K1 * norms + by_item.data) * _rarity(by_item)
    return terms
