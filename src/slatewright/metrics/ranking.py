"""Metrics of ranked lists: one number per user, from where the list was right.

All take ``hits`` bool (n, k), made by ``metrics.hits.hits``, and ``n_relevant`` int (n,), how many relevant items each
user has (at least one: a user with none has no answer to be judged by). All give float64 (n,) in [0, 1].
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.core.chunks import in_chunks

PerUser: TypeAlias = npt.NDArray[np.float64]
Metric: TypeAlias = Callable[[Mask, Offsets], PerUser]


def recall(hits: Mask, n_relevant: Offsets) -> PerUser:
    """The share of a user's relevant items that the list found; divides by all of them, also beyond k."""
    return np.asarray(hits.sum(axis=1) / n_relevant, dtype=np.float64)


def precision(hits: Mask, n_relevant: Offsets) -> PerUser:
    """The share of the k places that hold a relevant item; a shorter list still divides by k."""
    return np.asarray(hits.mean(axis=1), dtype=np.float64)


def hit_rate(hits: Mask, n_relevant: Offsets) -> PerUser:
    """1 where the list found anything at all, else 0."""
    return np.asarray(hits.any(axis=1), dtype=np.float64)


def reciprocal_rank(hits: Mask, n_relevant: Offsets) -> PerUser:
    """1 / the position of the first relevant item, 0 without one; its mean over users is MRR."""
    return np.asarray(hits.any(axis=1) / (1 + hits.argmax(axis=1)), dtype=np.float64)


def average_precision(hits: Mask, n_relevant: Offsets) -> PerUser:
    """Precision at each relevant item's position, averaged; its mean over users is MAP@k.

    Divides by min(k, relevant items), so the best possible list scores 1.
    """
    positions = np.arange(1, hits.shape[1] + 1)
    at_hits = (hits * (hits.cumsum(axis=1) / positions)).sum(axis=1)
    return np.asarray(at_hits / np.minimum(n_relevant, hits.shape[1]), dtype=np.float64)


def ndcg(hits: Mask, n_relevant: Offsets) -> PerUser:
    """Discounted gain 1 / log2(position + 1) of the hits, against that of the best possible list of k.

    Järvelin and Kekäläinen (2002), with gain 1 for a relevant item.
    """
    discount = 1.0 / np.log2(np.arange(2, hits.shape[1] + 2))  # (k,)
    ideal = np.cumsum(discount)[np.minimum(n_relevant, hits.shape[1]) - 1]  # (n,)
    return np.asarray(hits @ discount / ideal, dtype=np.float64)


METRICS: Mapping[str, Metric] = {
    "recall": recall,
    "ndcg": ndcg,
    "precision": precision,
    "map": average_precision,
    "mrr": reciprocal_rank,
    "hit_rate": hit_rate,
}


BLOCK = 1 << 13  # users whose numbers are made together: their intermediate arrays stay in the processor's cache


def ranking_values(hits: Mask, n_relevant: Offsets) -> PerUser:
    """Every metric of every user, float64 (n, metrics), columns in the order of ``METRICS``."""
    values = np.empty((len(hits), len(METRICS)))

    def fill(begin: int, end: int) -> None:
        for column, metric in enumerate(METRICS.values()):
            values[begin:end, column] = metric(hits[begin:end], n_relevant[begin:end])

    in_chunks(fill, np.array([*range(0, len(hits), BLOCK), len(hits)]) if len(hits) else np.zeros(2, dtype=np.int64))
    return values


def coverage(lists: Index, counts: Offsets, n_items: int) -> float:
    """The share of the catalogue that at least one list shows."""
    shown = np.zeros(n_items, dtype=np.bool_)
    shown[lists[np.arange(lists.shape[1]) < counts[:, None]]] = True
    return float(shown.mean()) if n_items else 0.0
