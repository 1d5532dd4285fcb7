"""Every metric of every user: what the lists of one recommender say to one question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
class Shown:
    """The lists that one recommender gave to some cases, and what training knows of the items; n rows each."""

    cases: Cases
    lists: ItemLists
    items: ItemsKnown


@dataclass(frozen=True)
class Answers(Shown):
    """These as answers to a question: ``found`` bool (n, k) says where they are right.

    ``expected``: what popularity showed the same users, where it was judged.
    """

    found: Mask
    expected: ItemLists | None


def accuracy_of(found: Mask, cases: Cases) -> dict[str, PerUser]:
    """The ranking metrics, each float64 (n,); right items that training never saw count as missed."""
    return dict(zip(METRICS, ranking_values(found, cases.n_relevant() + cases.unknown).T, strict=True))


def shown_of(shown: Shown) -> dict[str, PerUser]:
    """The metrics that ask only what is shown to whom, whatever was right, each float64 (n,).

    A user's number is the same in every question. NaN for users of whom a metric has nothing to say.
    """
    return {name: metric(shown) for name, metric in OF_LISTS.items()}


def beyond_accuracy_of(answers: Answers) -> dict[str, PerUser]:
    """The other metrics beyond accuracy, each float64 (n,): of all lists together, or of the right places."""
    return {name: metric(answers) for name, metric in OF_ANSWERS.items()}


def _novelty(one: Shown) -> PerUser:
    return novelty(one.lists.items, one.lists.counts, one.items.information)


def _serendipity(one: Answers) -> PerUser:
    if one.expected is None:
        return np.full(len(one.found), np.nan)
    return serendipity(one.found, one.lists.items, one.lists.counts, one.expected.items, one.expected.counts)


def _diversity(one: Shown) -> PerUser:
    shelves = one.items.catalogue
    return diversity_of_categories(one.lists.items, one.lists.counts, shelves.category_offsets, shelves.categories)


def _taste_diversity(one: Shown) -> PerUser:
    return diversity_of_vectors(one.lists.items, one.lists.counts, one.items.vectors)


def _miscalibration(one: Shown) -> PerUser:
    shelves, own = one.items.catalogue, one.cases.histories
    return miscalibration(
        one.lists.items, one.lists.counts, own.offsets, own.items, shelves.category_offsets, shelves.categories
    )


def _popularity(one: Shown) -> PerUser:
    return average_popularity(one.lists.items, one.lists.counts, one.items.takers, one.items.n_users)


def _popularity_lift(one: Answers) -> PerUser:
    own = one.cases.histories
    taken = mean_of_rows(own.offsets, own.items, one.items.takers / one.items.n_users)
    return popularity_lift(_popularity(one), taken)


def _tail_share(one: Shown) -> PerUser:
    return tail_share(one.lists.items, one.lists.counts, one.items.bands)


def _gini(one: Answers) -> PerUser:
    if not one.lists.counts.any():
        return np.full(len(one.lists.counts), np.nan)
    return gini_of_users(one.lists.items, one.lists.counts, len(one.cases.items))


OF_LISTS: Mapping[str, Callable[[Shown], PerUser]] = {
    "novelty": _novelty,
    "diversity": _diversity,
    "taste_diversity": _taste_diversity,
    "miscalibration": _miscalibration,
    "popularity": _popularity,
    "tail_share": _tail_share,
}
OF_ANSWERS: Mapping[str, Callable[[Answers], PerUser]] = {
    "serendipity": _serendipity,
    "popularity_lift": _popularity_lift,
    "gini": _gini,
}
BEYOND = (*OF_LISTS, *OF_ANSWERS)
