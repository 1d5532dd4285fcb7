"""A fitted pipeline over a town of two tastes, with categories and facts: small, quick, and its answers are known."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

import polars as pl

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.models import ALS, BuyItAgain, ItemKNN, Popularity
from slatewright.models.model import Estimator
from slatewright.pipeline import (
    BlendScore,
    ItemToItemSource,
    ModelSource,
    Pipeline,
    PopularSource,
    RecentSource,
    Recipe,
)
from slatewright.pipeline.teaching.besides import Besides
from slatewright.pipeline.teaching.impressions import Impressions
from slatewright.testing.worlds import START, two_tastes

AS_OF = START + 60 * MICROSECONDS_PER_DAY
ESTIMATORS: Mapping[str, Estimator] = MappingProxyType(
    {
        "taste": ALS(embedding_dim=4, epochs=4),
        "together": ItemKNN(n_neighbors=20),
        "popular": Popularity(),
        "again": BuyItAgain(),
    }
)


@cache
def town() -> Dataset:
    """60 users ``u000``.., 24 items ``i000``..: even users take even items (category tea), odd users odd ones (coffee).

    Every user has the fact ``drinks``; ``i023`` is sold out, ``i024`` (tea) was never sold, user ``u060`` never came.
    """
    items, users = [f"i{at:03d}" for at in range(25)], [f"u{at:03d}" for at in range(61)]
    item_facts = {
        "item_id": items,
        "category": [("tea", "coffee")[at % 2] for at in range(25)],
        "title": [f"{('Tea', 'Coffee')[at % 2]} {at}" for at in range(25)],
        "available": [at != 23 for at in range(25)],
    }
    user_facts = {"user_id": users, "drinks": [("tea", "coffee")[at % 2] for at in range(61)]}
    return dataset_of(
        two_tastes(), as_of=AS_OF, item_facts=pl.DataFrame(item_facts), user_facts=pl.DataFrame(user_facts)
    )


def town_slates() -> Impressions:
    """What was shown in town: to ``u000`` items ``i001`` and ``i003`` three days and a day before the end, ``i005`` on
    the first of them; nobody touched them."""
    shown = [(["i001", "i003", "i005"], 3), (["i003", "i001"], 1)]
    slates = {
        "slate_id": [f"s{days}" for _, days in shown],
        "user_id": ["u000"] * len(shown),
        "item_ids": [items for items, _ in shown],
        "time": [AS_OF - days * MICROSECONDS_PER_DAY for _, days in shown],
    }
    caused = pl.DataFrame(schema={"slate_id": pl.String, "item_id": pl.String, "kind": pl.String})
    return Impressions.of(pl.DataFrame(slates), caused)


@cache
def town_pipeline() -> Pipeline:
    """The town's pipeline: every source of the house, the usual filters, a blend."""
    return Pipeline.fit(town_recipe(), town(), besides=Besides(town_slates()))


def town_recipe(**changed: Any) -> Recipe:
    """The town's recipe with some of its fields changed."""
    sources: Sequence[Any] = (
        ModelSource("taste", limit=10),
        ItemToItemSource("together", last=5, limit=5),
        PopularSource(half_life_days=None, limit=10),
        RecentSource(days=90, limit=5),
    )
    fields: dict[str, Any] = {
        "estimators": ESTIMATORS,
        "sources": sources,
        "score": BlendScore({"taste": 1.0, "together": 0.5, "popular": 0.1}),
    }
    return Recipe(**(fields | changed))
