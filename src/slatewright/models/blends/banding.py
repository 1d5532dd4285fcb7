"""How much is known of somebody: histories by how many of their events weigh something."""

from collections.abc import Sequence

import numpy as np

from slatewright.core.arrays import Array, Offsets
from slatewright.data.histories import Histories


def n_weighing(histories: Histories) -> Offsets:
    """Events of each history that weigh something, int64 (n,); what was rated down says little of what is liked."""
    counted = np.concatenate([[0], np.cumsum(histories.weights > 0)])
    return np.diff(counted[histories.offsets])


def band_of(n_events: Offsets, lengths: Array | Sequence[int]) -> Offsets:
    """Which band each length is in, int64 (n,): 0 below ``lengths[0]``, b from ``lengths[b - 1]`` on."""
    return np.searchsorted(np.asarray(lengths, dtype=np.int64), n_events, side="right").astype(np.int64)
