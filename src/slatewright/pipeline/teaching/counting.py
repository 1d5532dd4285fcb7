"""What the features of a learned score count: everything that was done, and what was shown."""

from dataclasses import replace

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.dataset import Dataset
from slatewright.features.happenings import Events, happenings
from slatewright.pipeline.scores.learned import LearnedScore
from slatewright.pipeline.teaching.impressions import Impressions
from slatewright.pipeline.world import World


def counted(score: LearnedScore, world: World, dataset: Dataset, shown: Impressions | None) -> World:
    """The world with the features of a score bound to its catalogue, and all that is known counted."""
    if score.counted is None:
        return world
    features = score.counted.bind(world.catalogue)
    return replace(world, features=features, counts=features.counters(happened(dataset, shown), dataset.as_of))


def happened(dataset: Dataset, shown: Impressions | None) -> Events:
    """The events of a data set, and the slates shown before its ``as_of``."""
    if shown is None or shown.slates.height == 0:
        return dataset.interactions
    return pl.concat([_done(dataset), happenings(None, shown.slates).filter(pl.col("time") < dataset.as_of)])


def _done(dataset: Dataset) -> Frame:
    table = dataset.interactions
    rows = pl.DataFrame(
        {
            "user_id": dataset.users.names_of(table.user),
            "item_id": dataset.items.names_of(table.item),
            "kind": pl.Series(table.kinds, dtype=pl.String).gather(table.kind),
            "time": table.time,
            "value": table.value,
        }
    )
    return rows.with_columns(pl.col("value").cast(pl.Float64))
