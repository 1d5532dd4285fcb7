"""What a log knows besides what people did: what was shown to them, and which facts were known when."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.catalogue import Catalogue
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


def arriving(catalogue: Catalogue, early: Dataset, dataset: Dataset) -> Catalogue:
    """The catalogue of an earlier part of a data set, to which items of which nothing was known yet come at its end.

    That they have a place among the items must not make them look new: a bundle of then would not have them.
    """
    had = np.zeros(len(catalogue), dtype=np.bool_)
    had[early.interactions.item] = True
    if early.item_facts.width:
        had |= early.item_facts.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_numpy()
    return replace(catalogue, first_seen=np.where(had, catalogue.first_seen, dataset.as_of))


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
