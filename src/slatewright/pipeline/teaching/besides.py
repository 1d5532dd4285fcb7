"""What a log knows besides what people did: what was shown to them, and which facts were known when."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.dataset import Dataset
from slatewright.data.idmap import IdMap
from slatewright.pipeline.teaching.impressions import Impressions


@dataclass(frozen=True)
class Besides:
    """``shown`` are the slates that were shown; ``facts`` gives the facts of items (``item_id``) and of users
    (``user_id``) as they were known at an instant (µs UTC), without it they are taken as always true."""

    shown: Impressions | None = None
    facts: Callable[[int], tuple[Frame | None, Frame | None]] | None = None


def earlier(dataset: Dataset, since: int, besides: Besides) -> Dataset:
    """The same users and items with what was known before ``since`` (µs UTC)."""
    table = dataset.interactions
    early = replace(dataset, interactions=table.take(table.time < since), as_of=since)
    if besides.facts is None:
        return early
    items, users = besides.facts(since)
    return replace(
        early,
        item_facts=_known(dataset.items, dataset.item_facts, items, "item_id"),
        user_facts=_known(dataset.users, dataset.user_facts, users, "user_id"),
        facts_until=since,
    )


def _known(ids: IdMap, now: Frame, then: Frame | None, key: str) -> Frame:
    """Facts of then under the names and types of now; null where nothing was known."""
    if now.width == 0:
        return now
    then = pl.DataFrame(schema={key: pl.String}) if then is None else then.with_columns(pl.col(key).cast(pl.String))
    columns = [
        (pl.col(name).cast(kind, strict=False) if name in then.columns else pl.lit(None, dtype=kind)).alias(name)
        for name, kind in now.schema.items()
    ]
    told = then.unique(key, keep="last").select(key, *columns)
    return ids.names.alias(key).to_frame().join(told, on=key, how="left", maintain_order="left").drop(key)
