"""How popular is what is offered, and how popular what people then take?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets
from slatewright.evaluate.judged import Asked, Judged
from slatewright.metrics.places import exposures

# Bands of the items by rank: the share of the catalogue at which each ends.
BANDS = (
    ("top 1%", 0.01),
    ("next 4%", 0.05),
    ("next 5%", 0.10),
    ("next 15%", 0.25),
    ("next 25%", 0.50),
    ("other half", 1.0),
)
Shares = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PopularityMix:
    """Shares by ``bands`` of items, the most popular first, each summing to 1 (0 where there was nothing).

    ``catalogue``: of the items; ``taken``: of what the judged users then took; ``offered``: of the places of each
    recommender.
    """

    bands: tuple[str, ...]
    catalogue: Shares
    taken: Shares
    offered: Mapping[str, Shares]


def popularity_mix(judged: Judged, asked: Asked) -> PopularityMix:
    """Compare the lists of one question with what the same users took, by how popular it was in training."""
    n_items = len(judged.cases.items)
    band, named = bands_of(judged.items.takers)
    offered = {}
    for name in judged.names:
        lists = judged.lists_for(name, asked)
        offered[name] = _shares(band, exposures(lists.items, lists.counts, n_items), len(named))
    taken = np.bincount(asked.cases.relevant, minlength=n_items)
    return PopularityMix(named, _shares(band, np.ones(n_items), len(named)), _shares(band, taken, len(named)), offered)


def bands_of(takers: Offsets) -> tuple[Index, tuple[str, ...]]:
    """The band of each item by its rank, int32 (n_items,), and their names; a small catalogue has fewer bands.

    Equally popular items are told apart by index.
    """
    ends = [int(np.ceil(share * len(takers))) for _, share in BANDS]
    names = tuple(name for (name, _), low, high in zip(BANDS, [0, *ends], ends, strict=False) if low < high)
    rank = np.empty(len(takers), dtype=np.int64)
    rank[np.argsort(-takers.astype(np.int64), kind="stable")] = np.arange(len(takers))
    return np.searchsorted(np.unique(ends), rank, "right").astype(np.int32), names


def _shares(band: Index, counts: Array, n: int) -> Shares:
    summed = np.bincount(band, counts, minlength=n)
    return tuple(float(one) for one in summed / (summed.sum() or 1.0))
