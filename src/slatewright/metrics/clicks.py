"""What came of the slates that were shown."""

import numpy as np

from slatewright.core.arrays import Mask, Offsets
from slatewright.core.errors import BadInput
from slatewright.metrics.ranking import PerUser


def click_rate(clicked: Mask, offsets: Offsets, k: int) -> PerUser:
    """CTR at k as one value per slate, float64 (slates,): clicked places over shown places among the first k.

    ``clicked`` bool (places,): slate s was shown at ``offsets[s]:offsets[s + 1]``, in display order. The mean is all
    clicked places over all shown ones, so that a slate of ten counts for ten of one; a single value is that slate's
    part in it (its linearisation). NaN where nothing was shown.

    Raises:
        BadInput: k is below 1, or the offsets do not cover the places.
    """
    if k < 1:
        raise BadInput(f"CTR at k needs k of at least 1, got {k}")
    if len(offsets) < 1 or offsets[-1] != len(clicked):
        raise BadInput(f"the slates must cover all {len(clicked)} places, their offsets end at {offsets[-1:]}")
    shown = np.minimum(np.diff(offsets), k)
    position = np.arange(len(clicked)) - np.repeat(offsets[:-1], np.diff(offsets))
    owner = np.repeat(np.arange(len(shown)), np.diff(offsets))
    clicks = np.bincount(owner, clicked & (position < k), minlength=len(shown))
    if not shown.sum():
        return np.full(len(shown), np.nan)
    rate = clicks.sum() / shown.sum()
    return np.where(shown > 0, rate + (clicks - rate * shown) / shown[shown > 0].mean(), np.nan)
