"""A shop's folder with the town of two tastes in its log, ready to train."""

from pathlib import Path

import polars as pl

from slatewright.events.schema import conform
from slatewright.store.shop import RECIPE, SETTINGS, Shop
from slatewright.testing.worlds import two_tastes

QUICK_RECIPE = """
from slatewright.models import ALS, ItemKNN, Popularity
from slatewright.pipeline import BlendScore, ItemToItemSource, ModelSource, PopularSource, Recipe

recipe = Recipe(
    estimators={"taste": ALS(embedding_dim=4, epochs=4), "together": ItemKNN(n_neighbors=20), "popular": Popularity()},
    sources=(ModelSource("taste"), ItemToItemSource("together"), PopularSource(half_life_days=None)),
    score=BlendScore({"taste": 1.0, "together": 0.5, "popular": 0.1}),
)
"""


def town_shop(root: Path, *, recipe: str = QUICK_RECIPE) -> Shop:
    """Make the folder and log the events of the town."""
    root.mkdir(parents=True, exist_ok=True)
    (root / SETTINGS).write_text('[shop]\nname = "town"\n\n[weights]\nview = 1.0\n', encoding="utf-8")
    (root / RECIPE).write_text(recipe, encoding="utf-8")
    shop = Shop.open(root)
    events = two_tastes().with_columns(
        event_id=pl.int_range(pl.len()).cast(pl.String),
        kind=pl.lit("view"),
        time=pl.col("time").cast(pl.Datetime("us")),
    )
    shop.log.append(
        "interactions", conform(events.with_columns(pl.col("time").dt.replace_time_zone("UTC")), "interactions")
    )
    return shop
