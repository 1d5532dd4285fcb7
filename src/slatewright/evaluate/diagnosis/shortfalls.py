"""Where a recommender loses most: groups of users, and groups of items it fails to find, ranked by what is lost."""

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.evaluate.diagnosis.labels import item_labels, pair_labels, user_labels
from slatewright.evaluate.diagnosis.slicing import Slice, Slicing, slices
from slatewright.evaluate.judged import Asked, Judged
from slatewright.evaluate.segments import NO_SEGMENTS, By
from slatewright.metrics.ranking import METRICS


def user_shortfalls(
    judged: Judged, name: str, asked: Asked, *, metric: str = "ndcg", by: By = NO_SEGMENTS, how: Slicing | None = None
) -> tuple[Slice, ...]:
    """Groups of users by history length and facts, or only ``by`` some; lost is in units of the metric, summed over the
    group's users.

    Raises:
        BadInput: there is no such metric, or no user has a fact of ``by``.
        NotThere: no recommender of that name was judged.
    """
    if metric not in METRICS:
        raise BadInput(f"a metric of one user must be of {', '.join(METRICS)}, got {metric!r}")
    values = judged.values(name, asked)[:, list(METRICS).index(metric)]
    return slices(values, user_labels(asked.cases, by.users), np.arange(len(asked)), how)


def item_shortfalls(
    judged: Judged, name: str, asked: Asked, *, by: By = NO_SEGMENTS, how: Slicing | None = None
) -> tuple[Slice, ...]:
    """Groups of right items, by item and by user; lost is how many more would be found if the group fared as the rest.

    A right item is found when the user's list of k holds it.

    Raises:
        BadInput: no user, or no item, has a fact of ``by``.
        NotThere: no recommender of that name was judged.
    """
    cases, lists = asked.cases, judged.lists_for(name, asked)
    owner = np.repeat(np.arange(len(cases)), cases.n_relevant())
    n_items = max(1, len(cases.items))
    filled = np.arange(lists.items.shape[1]) < lists.counts[:, None]
    shown = np.repeat(np.arange(len(cases)), lists.counts) * n_items + lists.items[filled]
    found = np.isin(owner * n_items + cases.relevant, shown).astype(np.float64)
    users, items = user_labels(cases, by.users), item_labels(judged.items, by.items)
    labels = pair_labels(users, items, owner, cases.relevant)
    return slices(found, labels, owner, how)
