"""Which groups of items get the places."""

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.metrics.places import PerItem, exposures, mean_of_places
from slatewright.metrics.ranking import PerUser


def exposure_of(lists: Index, counts: Offsets, group: Mask) -> PerUser:
    """The share of each list's places that a group of items gets, float64 (n,); ``group`` bool (n_items,).

    NaN where a list is empty.
    """
    return mean_of_places(lists, counts, group.astype(np.float64))


def exposure_by_group(lists: Index, counts: Offsets, offsets: Offsets, groups: Index, n_groups: int) -> PerItem:
    """The share of everybody's attention that each group of items gets, float64 (n_groups,); it adds up to 1.

    A place at position p has the attention 1 / log2(p + 1) (Singh and Joachims, KDD 2018). Item i belongs to
    ``groups[offsets[i]:offsets[i + 1]]``, to each in equal parts; items of no group, and their attention, are left out.
    """
    sizes = np.diff(offsets)
    shown = exposures(lists, counts, len(sizes), by_position=True) / np.maximum(1, sizes)
    attention = np.bincount(groups, np.repeat(shown, sizes), minlength=n_groups)
    return np.asarray(attention / max(attention.sum(), np.finfo(np.float64).tiny), dtype=np.float64)
