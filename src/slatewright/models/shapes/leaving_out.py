"""Histories with one event left out: what a score that is no sum owes to each event."""

import numpy as np

from slatewright.data.histories import Histories


def without_each(history: Histories) -> Histories:
    """One history for each event of a single one: all other events; facts and owner stay."""
    n = len(history.items)
    copies = history.take(np.zeros(n, dtype=np.int32))
    return copies.only(~np.eye(n, dtype=np.bool_).ravel())
