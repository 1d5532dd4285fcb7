"""How much an event says about an item, before similarities are taken."""

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array

K1, B = 1.2, 0.75  # BM25: how soon repeats saturate, how much a popular item is discounted; the customary values
WEIGHTINGS = ("none", "bm25", "tfidf")


def weighted(by_item: sparse.csr_matrix, weighting: str) -> sparse.csr_matrix:
    """CSR float32 (n_items, n_users) reweighted by ``bm25`` or ``tfidf``, or as it is by ``none``.

    BM25 and TF-IDF treat an item as a document and its users as words, as the library ``implicit`` does. A negative
    weight keeps its sign.
    """
    if weighting == "none":
        return by_item
    weigh = {"bm25": _bm25, "tfidf": _tfidf}[weighting]
    result = by_item.copy()
    result.data = weigh(by_item).astype(np.float32)
    return result


def _rarity(by_item: sparse.csr_matrix) -> Array:
    """log(items / (1 + items of the user)) of each entry's user, float64 (entries,)."""
    items_per_user = np.bincount(by_item.indices, minlength=by_item.shape[1])
    logs = np.log(max(by_item.shape[0], 1)) - np.log1p(items_per_user)
    rarity: Array = logs[by_item.indices]
    return rarity


def _tfidf(by_item: sparse.csr_matrix) -> Array:
    terms: Array = np.sign(by_item.data) * np.sqrt(np.abs(by_item.data)) * _rarity(by_item)
    return terms


def _bm25(by_item: sparse.csr_matrix) -> Array:
    sizes = np.abs(by_item.data).astype(np.float64)
    sums = np.bincount(np.repeat(np.arange(by_item.shape[0]), np.diff(by_item.indptr)), sizes, by_item.shape[0])
    norm = (1 - B) + B * sums / max(float(sums.mean()) if len(sums) else 0.0, 1e-30)
    norms = np.repeat(norm, np.diff(by_item.indptr))
    terms: Array = by_item.data * (K1 + 1) / (K1 * norms + sizes) * _rarity(by_item)
    return terms
