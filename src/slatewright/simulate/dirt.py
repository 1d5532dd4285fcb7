"""What real exports are full of: repeated rows, sloppy codes, returns, robots, broken clocks."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY

EARLIEST_EVENT = 1_000  # far outside every time that a shop can have seen, µs after 1970-01-01
ROBOT_VIEWS = 900
ROBOT_PAUSE = 200_000  # µs: five views a second


def soil(events: Frame, share: float, end: int, rng: np.random.Generator) -> tuple[Frame, Mapping[str, int]]:
    """Add dirt to clean events, sorted by time; ``end`` is the last instant. Also returns how many rows of each kind.

    ``labels`` are rows whose item id got another spelling; all other kinds are rows added.
    """
    if share == 0 or events.is_empty():
        return events, {}
    count = max(1, round(share * events.height))
    purchases = events.filter(pl.col("kind") == "purchase")
    parts = {
        "exact duplicates": _some(events, count, rng),
        "near duplicates": _near(_some(events, count, rng)),
        "returns": _returned(_some(purchases, count, rng), end),
        "robot views": _robot(events, rng),
        "impossible times": _lost_in_time(_some(events, max(2, count // 10), rng)),
    }
    spelled, labels = _misspelled(events, count, rng)
    soiled = pl.concat([spelled, *parts.values()]).sort("time", maintain_order=True)
    return soiled, {"labels": labels, **{name: part.height for name, part in parts.items()}}


def _some(events: Frame, count: int, rng: np.random.Generator) -> Frame:
    count = min(count, events.height)
    return events[np.sort(rng.choice(events.height, size=count, replace=False)).astype(np.uint32)]


def _near(events: Frame) -> Frame:
    """The same act again a moment later: a double click."""
    return events.with_columns(
        event_id=pl.col("event_id") + "-again", time=pl.col("time") + pl.duration(milliseconds=400)
    )


def _returned(purchases: Frame, end: int) -> Frame:
    later = purchases.with_columns(
        event_id=pl.col("event_id") + "-return",
        quantity=-pl.col("quantity"),
        value=-pl.col("value"),
        time=pl.col("time") + pl.duration(days=9),
    )
    return later.filter(pl.col("time").dt.timestamp("us") < end)


def _robot(events: Frame, rng: np.random.Generator) -> Frame:
    """One crawler walks the catalogue for three minutes."""
    rows = _some(events, ROBOT_VIEWS, rng)
    start = int(events["time"].dt.timestamp("us").to_numpy()[events.height // 2]) // MICROSECONDS_PER_DAY
    times = start * MICROSECONDS_PER_DAY + np.arange(rows.height) * ROBOT_PAUSE
    return rows.with_columns(
        event_id="robot-" + pl.int_range(rows.height).cast(pl.String),
        user_id=pl.lit("crawler"),
        kind=pl.lit("view"),
        value=pl.lit(1.0, dtype=pl.Float32),
        time=pl.Series(times).cast(pl.Datetime("us", "UTC")),
        session_id=pl.lit(None, dtype=pl.String),
        quantity=pl.lit(None, dtype=pl.Float32),
    )


def _lost_in_time(events: Frame) -> Frame:
    """A clock that was never set, and one that runs two centuries ahead."""
    far = pl.datetime(2200, 1, 1, time_unit="us", time_zone="UTC")
    early = pl.lit(EARLIEST_EVENT).cast(pl.Datetime("us", "UTC"))
    odd = pl.int_range(events.height) % 2 == 1
    return events.with_columns(
        event_id=pl.col("event_id") + "-lost",
        time=pl.when(odd).then(far).otherwise(early) + pl.duration(minutes=pl.int_range(events.height)),
    )


def _misspelled(events: Frame, count: int, rng: np.random.Generator) -> tuple[Frame, int]:
    chosen = np.zeros(events.height, dtype=np.int8)
    rows = rng.choice(events.height, size=min(count, events.height), replace=False)
    chosen[rows] = rng.integers(1, 3, size=len(rows))
    spelling = pl.Series(chosen)
    item_id = (
        pl.when(spelling == 1)
        .then(pl.col("item_id").str.to_lowercase())
        .when(spelling == 2)
        .then(pl.col("item_id") + " ")
        .otherwise("item_id")
    )
    return events.with_columns(item_id=item_id), len(rows)
