"""Whatever answers for users, as lists of the training set's items."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.data.idmap import IdMap
from slatewright.data.splits import Cases
from slatewright.evaluate.pools import best_of_pools, check_in_pools
from slatewright.models import ItemLists, Model
from slatewright.models.recommending import best_items
from slatewright.pipeline.batch import lists_of_histories, lists_of_users
from slatewright.pipeline.pipeline import Pipeline

Listing: TypeAlias = Callable[[Cases, int], ItemLists]  # the k best items for each case, best first
Recommender: TypeAlias = Model | Pipeline | Listing


def lists_of(recommender: Recommender, cases: Cases, k: int) -> ItemLists:
    """The lists of a model, of a whole pipeline as it is served, or of any function of cases and k.

    Where cases bring pools, the lists are chosen from those.

    Raises:
        BadInput: the recommender was fitted on other items than the cases were made for, or cannot choose from pools.
    """
    if isinstance(recommender, Model):
        _check_items(recommender.known.items, cases)
        if cases.pools is not None:
            return best_of_pools(recommender, cases, cases.pools, k)
        return best_items(recommender, cases.histories, k, n_items=len(cases.items))
    if isinstance(recommender, Pipeline):
        _check_items(recommender.world.catalogue.items, cases)
        if cases.pools is not None:
            raise BadInput(
                "a pipeline chooses its own candidates, so it cannot be judged on sampled negatives: judge its models "
                "alone, or rank every item"
            )
        return _served(recommender, cases, k)
    lists = recommender(cases, k)
    return lists if cases.pools is None else check_in_pools(lists, cases.pools)


def _served(pipeline: Pipeline, cases: Cases, k: int) -> ItemLists:
    """Users of the shop are asked for by name, as a page does; strangers bring their history along."""
    known, strangers = np.flatnonzero(cases.trained), np.flatnonzero(~cases.trained)
    by_name = lists_of_users(pipeline.stages, pipeline.world, cases.users.gather(known).to_list(), k)
    histories = cases.histories.take(strangers.astype(np.int32))
    by_history = lists_of_histories(pipeline.stages, pipeline.world, histories, k)
    back = np.argsort(np.concatenate([known, strangers]))
    return ItemLists(
        np.concatenate([by_name.items, by_history.items])[back],
        np.concatenate([by_name.scores, by_history.scores])[back],
        np.concatenate([by_name.counts, by_history.counts])[back],
    )


def _check_items(items: IdMap, cases: Cases) -> None:
    if items is not cases.items and not items.names.equals(cases.items.names):
        raise BadInput(
            f"the recommender was fitted on {len(items)} items and the cases were made for {len(cases.items)} others: "
            "fit it on the training part of the same split"
        )
