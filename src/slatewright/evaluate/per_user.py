"""Every metric of every user: what the lists of one recommender say to one question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from slatewright.core.arrays import Mask
from slatewright.data.splits import Cases
from slatewright.evaluate.items_known import ItemsKnown
from slatewright.metrics.calibration import miscalibration
from slatewright.metrics.diversity import diversity_of_categories, diversity_of_vectors
from slatewright.metrics.places import mean_of_rows
from slatewright.metrics.popularity_bias import average_popularity, gini_of_users, popularity_lift, tail_share
from slatewright.metrics.ranking import METRICS, PerUser, ranking_values
from slatewright.metrics.surprise import novelty, serendipity
from slatewright.models import ItemLists


@dataclass(frozen=True)
class Answers:
    """The lists that one recommender gave to some cases, and where they are right.

    ``found`` bool (n, k); ``expected``: what popularity showed the same users, where it was judged.
    """

    cases: Cases
    lists: ItemLists
    found: Mask
    expected: ItemLists | None
    items: ItemsKnown


Beyond: TypeAlias = Callable[[Answers], PerUser]


def accuracy_of(found: Mask, cases: Cases) -> dict[str, PerUser]:
    """The ranking metrics, each float64 (n,); right items that training never saw count as missed."""
    return dict(zip(METRICS, ranking_values(found, cases.n_relevant() + cases.unknown).T, strict=True))


def beyond_accuracy_of(answers: Answers) -> dict[str, PerUser]:
    """The metrics that look at what is shown, each float64 (n,), NaN for users of whom one has nothing to say."""
    return {name: metric(answers) for name, metric in BEYOND.items()}


def _novelty(one: Answers) -> PerUser:
    return novelty(one.lists.items, one.lists.counts, one.items.information)


def _serendipity(one: Answers) -> PerUser:
    if one.expected is None:
        return np.full(len(one.found), np.nan)
    return serendipity(one.found, one.lists.items, one.lists.counts, one.expected.items, one.expected.counts)


def _diversity(one: Answers) -> PerUser:
    shelves = one.items.catalogue
    return diversity_of_categories(one.lists.items, one.lists.counts, shelves.category_offsets, shelves.categories)


def _taste_diversity(one: Answers) -> PerUser:
    return diversity_of_vectors(one.lists.items, one.lists.counts, one.items.vectors)


def _miscalibration(one: Answers) -> PerUser:
    shelves, own = one.items.catalogue, one.cases.histories
    return miscalibration(
        one.lists.items, one.lists.counts, own.offsets, own.items, shelves.category_offsets, shelves.categories
    )


def _popularity(one: Answers) -> PerUser:
    return average_popularity(one.lists.items, one.lists.counts, one.items.takers, one.items.n_users)


def _popularity_lift(one: Answers) -> PerUser:
    own = one.cases.histories
    taken = mean_of_rows(own.offsets, own.items, one.items.takers / one.items.n_users)
    return popularity_lift(_popularity(one), taken)


def _tail_share(one: Answers) -> PerUser:
    return tail_share(one.lists.items, one.lists.counts, one.items.bands)


def _gini(one: Answers) -> PerUser:
    if not one.lists.counts.any():
        return np.full(len(one.lists.counts), np.nan)
    return gini_of_users(one.lists.items, one.lists.counts, len(one.cases.items))


BEYOND: Mapping[str, Beyond] = {
    "novelty": _novelty,
    "serendipity": _serendipity,
    "diversity": _diversity,
    "taste_diversity": _taste_diversity,
    "miscalibration": _miscalibration,
    "popularity": _popularity,
    "popularity_lift": _popularity_lift,
    "tail_share": _tail_share,
    "gini": _gini,
}
