"""Small frames of events to clean."""

from collections.abc import Mapping

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_SECOND, instant
from slatewright.data.cleaning import Cleaned, Cleaning, clean

NOON = instant("2024-05-01T12:00:00Z")
NOW = instant("2024-06-01")
Row = Mapping[str, object]
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "event_id": pl.String,
    "user_id": pl.String,
    "item_id": pl.String,
    "kind": pl.String,
    "value": pl.Float32,
    "time": pl.Datetime("us", "UTC"),
    "slate_id": pl.String,
    "session_id": pl.String,
    "price": pl.Float32,
    "quantity": pl.Float32,
    "invoice": pl.String,
    "file": pl.String,
    "row": pl.UInt64,
}


def events(*rows: Row) -> Frame:
    """Canonical events: ann looks at a mug at noon unless a row says otherwise; ``second`` counts from noon."""
    usual = {"user_id": "ann", "item_id": "mug", "kind": "view", "value": 1.0, "file": "may.csv"}
    made = []
    for at, row in enumerate(rows):
        given = dict(row)
        time = NOON + round(float(str(given.pop("second", 0))) * MICROSECONDS_PER_SECOND)
        made.append({**usual, "event_id": str(at), "row": at + 1, "time": time, **given})
    columns = {name: [row.get(name) for row in made] for name in SCHEMA}
    return pl.DataFrame(columns, schema_overrides={**SCHEMA, "time": pl.Int64}, strict=False).cast(pl.Schema(SCHEMA))


def cleaned(*rows: Row, **knobs: object) -> Cleaned:
    """What cleaning makes of these rows; also checks that every row is accounted for."""
    frame = events(*rows)
    result = clean(frame, Cleaning(**knobs), now=NOW)  # type: ignore[arg-type]
    assert frame.height == result.kept.height + result.merged + result.quarantined.height
    return result


def count(result: Cleaned, step: str) -> int:
    """How many rows a step touched."""
    (found,) = [count.rows for count in result.steps if count.step == step]
    return found


def rows_kept(result: Cleaned) -> list[int]:
    """The numbers of the rows that were kept."""
    return result.kept["row"].to_list()
