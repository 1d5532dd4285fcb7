"""The data set of a shop, read from its log as of an instant."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import iso
from slatewright.data.dataset import Dataset, assemble
from slatewright.data.facts import facts_at, latest_fact
from slatewright.data.indexing import counted, session_numbers
from slatewright.data.netting import RETURN
from slatewright.events.log import EventLog

_COLUMNS = ("user_id", "item_id", "kind", "value", "time")


def read_dataset(
    log: EventLog,
    *,
    as_of: int | None = None,
    weights: Mapping[str, float] | None = None,
    positive_rating: float | None = None,
    sessions: bool = False,
) -> Dataset:
    """Everything the log knew before ``as_of`` (µs UTC; default: all of it), as a data set.

    Purchases are net of the returns that lie before ``as_of``; facts are the last ones before ``as_of``. ``weights``
    gives the weight of each kind (1 where it says nothing; 0 leaves the kind out); ratings below ``positive_rating``
    weigh 0: the item was seen, and teaches nothing. ``version`` of the data set names the table version,
    so that it can be read again. With ``sessions``, the table says which visit an event belongs to, where one is told.

    Raises:
        BadInput: more kinds or events than a data set can hold, or facts that are no JSON objects.
    """
    version = log.version("interactions")
    rows = _rows(log, version, as_of, weights or {}, sessions)
    if as_of is None:
        as_of = 1 + int(rows["time"].to_numpy().max(initial=0)) if log.ends is None else log.ends
    dataset = assemble(
        rows,
        weights or {},
        facts_at(log, "item_updates", as_of),
        facts_at(log, "user_updates", as_of),
        as_of=as_of,
        version=f"interactions@{'none' if version is None else version} as_of={iso(as_of)}",
        positive_rating=positive_rating,
    )
    return replace(dataset, facts_until=latest_fact(log, as_of))


def _rows(log: EventLog, version: int | None, as_of: int | None, weights: Mapping[str, float], sessions: bool) -> Frame:
    events = log.scan("interactions", before=as_of, version=version)
    # quantities matter only where something came back; most shops never need the column
    returns = events.filter(pl.col("kind") == RETURN).select(pl.len()).collect().item()
    columns = (*_COLUMNS, "quantity") if returns else _COLUMNS
    told = sessions and events.select(pl.col("session_id").is_not_null().any()).collect().item()
    chosen = counted(events, weights).select(*columns, *([session_numbers()] if told else []))
    return chosen.with_columns(pl.col("time").cast(pl.Int64)).collect()
