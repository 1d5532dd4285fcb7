"""Where the right items stand in the whole catalogue, for models that score all of it."""

import numpy as np

from slatewright.core.arrays import Offsets
from slatewright.data.splits import Cases
from slatewright.metrics.full_ranking import Wins, auc, wins
from slatewright.metrics.ranking import PerUser
from slatewright.models import Model
from slatewright.models.recommending import BLOCK_SCORES


def wins_of(model: Model, cases: Cases) -> Wins:
    """How many unseen items each right item of each case is scored above, float64 (right items,).

    Users are scored in blocks; an item of the history is not ranked (NaN), as on the lists.
    """
    rows = max(1, BLOCK_SCORES // max(1, len(cases.items)))
    found = []
    for start in range(0, len(cases), rows):
        some = np.arange(start, min(start + rows, len(cases)))
        block = cases.histories.take(some.astype(np.int32))
        bounds = cases.offsets[start : some[-1] + 2]
        found.append(wins(model.score(block), bounds, cases.relevant, block.offsets, block.items))
    return np.concatenate(found) if found else np.empty(0)


def auc_of(won: Wins, cases: Cases, narrowed: Cases, rows: Offsets) -> PerUser:
    """AUC of some ``rows`` of the cases, judged by the right items that a question left of them."""
    n_items = max(1, len(cases.items))
    pairs = _owners(cases) * n_items + cases.relevant  # ascending: right items are in order of index
    wanted = rows[_owners(narrowed)] * n_items + narrowed.relevant
    return auc(won[np.searchsorted(pairs, wanted)], narrowed.offsets, _ranked(narrowed), narrowed.unknown)


def _owners(cases: Cases) -> Offsets:
    return np.repeat(np.arange(len(cases)), cases.n_relevant())


def _ranked(cases: Cases) -> Offsets:
    """How many items are not in each case's history."""
    owner = np.repeat(np.arange(len(cases)), cases.histories.lengths())
    seen = np.unique(owner * max(1, len(cases.items)) + cases.histories.items) // max(1, len(cases.items))
    return len(cases.items) - np.bincount(seen, minlength=len(cases))
