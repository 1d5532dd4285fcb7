"""The canonical columns of the four tables: one list, used by everything that reads or writes events."""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput

TIME = pl.Datetime("us", "UTC")
FIRST_TIME, LAST_TIME = -62_135_596_800_000_000, 253_402_300_799_999_999  # years 1 to 9999: a day needs four digits
DAY = "day"  # the partition, the UTC date of ``time``; the log adds it and takes it away again

TABLES: Mapping[str, pl.Schema] = MappingProxyType(
    {
        "interactions": pl.Schema(
            {
                "event_id": pl.String(),
                "user_id": pl.String(),
                "item_id": pl.String(),
                "kind": pl.String(),
                "value": pl.Float32(),
                "time": TIME,
                "slate_id": pl.String(),
                "session_id": pl.String(),
                "price": pl.Float32(),
                "quantity": pl.Float32(),
            }
        ),
        "impressions": pl.Schema(
            {
                "event_id": pl.String(),
                "slate_id": pl.String(),
                "user_id": pl.String(),
                "item_ids": pl.List(pl.String()),
                "time": TIME,
                "surface": pl.String(),
                "slot": pl.String(),
                "variant": pl.String(),
                "sources": pl.List(pl.String()),
                "propensities": pl.List(pl.Float32()),
            }
        ),
        # facts are one JSON object per row: every shop has its own, and they change
        "item_updates": pl.Schema(
            {"event_id": pl.String(), "item_id": pl.String(), "time": TIME, "facts": pl.String()}
        ),
        "user_updates": pl.Schema(
            {"event_id": pl.String(), "user_id": pl.String(), "time": TIME, "facts": pl.String()}
        ),
    }
)

REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "interactions": ("event_id", "user_id", "item_id", "kind", "time"),
        "impressions": ("event_id", "slate_id", "item_ids", "time"),
        "item_updates": ("event_id", "item_id", "time", "facts"),
        "user_updates": ("event_id", "user_id", "time", "facts"),
    }
)

_DEFAULTS: Mapping[str, object] = MappingProxyType({"value": 1.0})


def conform(frame: Frame, table: str) -> Frame:
    """The frame with exactly the columns and types of a table: nullable ones added, others left out.

    ``time`` may be a datetime of any unit or int64 µs UTC; a datetime without a zone is read as UTC.

    Raises:
        BadInput: a required column is missing or has nulls, or a column cannot be read as its type.
    """
    schema = schema_of(table)
    missing = [name for name in REQUIRED[table] if name not in frame.columns]
    if missing:
        raise BadInput(f"{table} must have the columns {', '.join(missing)}, got {', '.join(frame.columns) or 'none'}")
    try:
        shaped = frame.select(_column(frame, name, kind) for name, kind in schema.items())
    except pl.exceptions.PolarsError as error:
        raise BadInput(f"{table} has a column that cannot be read as its type: {error}") from error
    for name in REQUIRED[table]:
        if nulls := shaped[name].null_count():
            raise BadInput(f"{table}.{name} must be there in every row, got {nulls} of {shaped.height} without")
    _check_values(shaped, table)
    return shaped


def _check_values(frame: Frame, table: str) -> None:
    times = frame["time"].to_physical()
    if wrong := times.is_between(FIRST_TIME, LAST_TIME).not_().sum():
        raise BadInput(f"{table}.time must lie within the years 1 to 9999, got {wrong} of {frame.height} outside")
    for name, kind in frame.schema.items():
        if kind.is_float() and (wrong := frame[name].is_finite().not_().sum()):
            raise BadInput(f"{table}.{name} must be finite, got {wrong} of {frame.height} that are not")


def schema_of(table: str) -> pl.Schema:
    """The columns of one table.

    Raises:
        BadInput: there is no such table.
    """
    if table not in TABLES:
        raise BadInput(f"a table must be one of {', '.join(TABLES)}, got {table!r}")
    return TABLES[table]


def _column(frame: Frame, name: str, kind: pl.DataType) -> pl.Expr:
    default = pl.lit(_DEFAULTS.get(name), dtype=kind)
    if name not in frame.columns:
        return default.alias(name)
    column = pl.col(name)
    has = frame.schema[name]
    if name == "time" and isinstance(has, pl.Datetime) and has.time_zone is None:
        column = column.dt.replace_time_zone("UTC")
    elif name == "time" and has.is_integer():
        column = column.cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    column = column.cast(kind)
    return column.fill_null(default) if name in _DEFAULTS else column
