"""A corner shop whose numbers can be counted by hand."""

import polars as pl

from slatewright.core.arrays import Frame

_ROWS = (
    ("ann", "mug", "view", "2024-01-01T09:00:00"),
    ("ann", "mug", "view", "2024-01-01T09:01:00"),
    ("ann", "cup", "view", "2024-01-01T09:02:00"),
    ("bob", "mug", "view", "2024-01-01T10:00:00"),
    ("bob", "cup", "view", "2024-01-01T10:01:00"),
    ("ann", "mug", "purchase", "2024-01-03T12:00:00"),
    ("bob", "cup", "purchase", "2024-01-03T12:00:00"),
    ("ann", "jug", "view", "2024-01-03T12:30:00"),
    ("ann", "mug", "return", "2024-01-03T15:00:00"),
    ("cat", "mug", "view", "2024-01-10T17:00:00"),
    ("ann", "tea", "view", "2024-01-10T18:00:00"),
)


def shop_events() -> Frame:
    """Eleven events of three users."""
    schema = {"user_id": pl.String, "item_id": pl.String, "kind": pl.String, "time": pl.String}
    rows = pl.DataFrame(_ROWS, schema=schema, orient="row")
    return rows.with_columns(pl.col("time").str.to_datetime(time_unit="us", time_zone="UTC"))
