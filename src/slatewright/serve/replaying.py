"""What happened since the live bundle learned, read back from the log and the journal."""

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.events.journal import Journal
from slatewright.events.log import EventLog
from slatewright.events.records import Interaction
from slatewright.features.live import Sight

# Events that arrive late, or while a bundle is in training, may be older than its as_of and yet not in it.
GRACE = MICROSECONDS_PER_DAY
_TABLE = "interactions"


def replay(log: EventLog, journal: Journal, since: int, most: int) -> list[Interaction]:
    """The newest ``most`` interactions at or after ``since`` (µs UTC), oldest first, one per event_id."""
    pending = journal.pending()[_TABLE]  # read first: a row that a flush moves meanwhile is then in the log
    logged = log.scan(_TABLE, since=since).collect()
    events = pl.concat([logged, pending]).with_columns(pl.col("time").dt.epoch("us")).filter(pl.col("time") >= since)
    newest = events.unique("event_id", keep="first").sort("time", "event_id").tail(most)
    return _records(newest)


def replay_shown(log: EventLog, journal: Journal, since: int, most: int) -> list[Sight]:
    """The newest slates at or after ``since`` that users with a name were shown, oldest first, one per event_id; with
    them ``most`` items, or a few more."""
    columns = ("event_id", "user_id", "time", "item_ids")
    pending = journal.pending()["impressions"].select(columns)  # read first, as above
    logged = log.scan("impressions", since=since).filter(pl.col("user_id").is_not_null()).select(columns).collect()
    events = pl.concat([logged, pending]).with_columns(pl.col("time").dt.epoch("us"))
    events = events.filter(pl.col("time") >= since, pl.col("user_id").is_not_null())
    newest = events.unique("event_id", keep="first").sort("time", "event_id")
    behind = pl.col("item_ids").list.len().reverse().cum_sum().reverse().shift(-1, fill_value=0)
    return [Sight.of(*row) for row in newest.filter(behind < most).iter_rows()]


def _records(events: Frame) -> list[Interaction]:
    return [Interaction(**row) for row in events.iter_rows(named=True)]
