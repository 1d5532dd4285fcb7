"""Which items of some cases were rated, and by which event."""

from dataclasses import replace

import numpy as np

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.data.histories import RATED_KINDS
from slatewright.data.splits import Cases
from slatewright.data.splits.cases import offsets_of
from slatewright.models.model import RatingModel


def rated(cases: Cases) -> Cases:
    """The same cases with the items that were rated last of all, whether they were liked or not, in place of the right
    ones; cases may be left without any."""
    events = cases.events
    at = _last_of_pairs(cases)
    at = at[events.of_kind(*RATED_KINDS)[at]]
    offsets = offsets_of(events.user[at], len(cases))
    return replace(cases, offsets=offsets, relevant=events.item[at], values=events.value[at])


def foretell(model: RatingModel, cases: Cases) -> tuple[Index, Scores]:
    """The case int32 (pairs,) of each of the items of some cases, and the rating float32 (pairs,) that is foretold."""
    rows = np.repeat(np.arange(len(cases), dtype=np.int32), cases.n_relevant())
    return rows, model.predict(cases.histories, rows, cases.relevant)


def last_events(cases: Cases, rows: Index | Offsets) -> Offsets:
    """The last event of each item of some cases, by its place in the events, int64 (pairs,)."""
    events, n_items = cases.events, max(1, len(cases.items))
    last = _last_of_pairs(cases)
    pairs = events.user[last].astype(np.int64) * n_items + events.item[last]
    return np.asarray(last[np.searchsorted(pairs, rows.astype(np.int64) * n_items + cases.relevant)], dtype=np.int64)


def _last_of_pairs(cases: Cases) -> Offsets:
    """The last event of each pair of case and item, in order of the pairs, int64 (pairs,)."""
    events, n_items = cases.events, max(1, len(cases.items))
    pairs = events.user.astype(np.int64) * n_items + events.item
    order = np.lexsort((events.time, pairs))
    ends = np.flatnonzero(np.diff(pairs[order], append=-1))
    return np.asarray(order[ends], dtype=np.int64)
