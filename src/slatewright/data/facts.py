"""What the log knows of items and users at an instant: the last word on each fact."""

from io import BytesIO

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.events.log import EventLog


def facts_at(log: EventLog, table: str, as_of: int | None) -> Frame | None:
    """One row per item (``item_updates``) or user (``user_updates``), one column per fact; None when nothing is known.

    Only updates before ``as_of`` count; a later update wins fact by fact, and a fact it does not name stays.

    Raises:
        BadInput: the facts of the log are not JSON objects, or one fact has types that do not go together.
    """
    key = "item_id" if table == "item_updates" else "user_id"
    updates = log.scan(table, before=as_of).select(key, "time", "event_id", "facts").sort("time", "event_id").collect()
    if updates.is_empty():
        return None
    try:
        facts = _decoded(updates["facts"])
    except pl.exceptions.PolarsError as error:
        raise BadInput(f"{log.root}/{table} has facts that are not JSON objects of one shape: {error}") from error
    clash = [name for name in facts.columns if name == key]
    rows = pl.concat([updates.select(key), facts.drop(clash)], how="horizontal")
    if not rows[key].is_duplicated().any():
        return rows.sort(key)
    return rows.group_by(key, maintain_order=True).agg(pl.all().drop_nulls().last()).sort(key)


def latest_fact(log: EventLog, as_of: int | None) -> int | None:
    """When the latest update of a fact before ``as_of`` was told, µs UTC; None without facts."""
    told = [
        log.scan(table, before=as_of).select(pl.col("time").max().cast(pl.Int64)).collect().item()
        for table in ("item_updates", "user_updates")
    ]
    return max((int(time) for time in told if time is not None), default=None)


def _decoded(texts: pl.Series) -> Frame:
    # a newline between the parts of a JSON object is only space, but here it would end the line
    lines = BytesIO("\n".join(texts.str.replace_all("\n", " ", literal=True)).encode())
    return pl.read_ndjson(lines, infer_schema_length=None)
