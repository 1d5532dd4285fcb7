"""The town of two tastes as a shop."""

from pathlib import Path

import polars as pl

from slatewright.events.schema import conform
from slatewright.store.shop import RECIPE, SETTINGS, Shop
from slatewright.testing.worlds import two_tastes


def town(folder: Path, settings: str, recipe: str) -> Shop:
    """A shop in ``folder`` whose log holds the town over 50 days, every event a purchase."""
    events = two_tastes().with_columns(
        pl.from_epoch("time", time_unit="us").dt.replace_time_zone("UTC"),
        event_id=pl.format("e{}", pl.int_range(pl.len())),
        kind=pl.lit("purchase"),
    )
    (folder / SETTINGS).write_text(settings)
    (folder / RECIPE).write_text(recipe)
    shop = Shop.open(folder)
    shop.log.append("interactions", conform(events, "interactions"))
    return shop
