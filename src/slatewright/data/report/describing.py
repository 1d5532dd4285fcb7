"""Reading the numbers of a data report from the events, in columns and a few streaming passes."""

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.data.facts import facts_at
from slatewright.data.report.contents import EMPTY_ITEMS, DataReport, Imported, Newcomers
from slatewright.data.report.quiet_days import quiet_days
from slatewright.data.report.spread import Spread
from slatewright.data.report.suspects import look_like_no_products
from slatewright.events.log import EventLog

RETURN = "return"
TITLES = ("title", "name", "description", "label")
_TOP = 15
_ODD = 0x9E3779B97F4A7C15  # spreads the hash of the user over 64 bits before that of the item is added
_RECENT = 0.2  # newcomers are counted in this last share of the events


def describe(
    source: EventLog | Frame,
    imported: Imported | None = None,
    *,
    name: str = "shop",
    item_facts: Frame | None = None,
    user_facts: Frame | None = None,
) -> DataReport:
    """Describe the interactions of a log, or of a frame of events (``user_id, item_id, time``, and ``kind`` if known).

    Facts (keyed by ``item_id`` / ``user_id``) give titles and tell who has facts and no events; a log has its own.

    Raises:
        BadInput: there is no interaction to describe.
    """
    version, item_facts, user_facts = _known(source, item_facts, user_facts)
    events = _events(source)
    days = _days(events)
    acts = events.filter(pl.col("kind") != RETURN)
    since = _recent_since(days)
    users, items = _owners(acts, "user_id", since), _owners(acts, "item_id", since)
    named = _named(items, item_facts)
    gaps, closed = quiet_days(days)
    first, last = _span(events)
    return DataReport(
        name=name,
        events=int(days["events"].sum()),
        users=users.height,
        items=items.height,
        pairs=_pairs(acts),
        first=first,
        last=last,
        kinds=_kinds(events),
        days=days,
        hours=_hours(events),
        per_user=_spread(users),
        per_item=_spread(items),
        newcomers=_newcomers(users, items, since),
        gaps=gaps,
        closed=closed,
        top=named.head(_TOP),
        suspects=look_like_no_products(named),
        warm_users=_warm(users, user_facts, "user_id"),
        warm_items=_warm(items, item_facts, "item_id"),
        imported=imported,
        version=version,
    )


def _known(
    source: EventLog | Frame, item_facts: Frame | None, user_facts: Frame | None
) -> tuple[str, Frame | None, Frame | None]:
    """The version of a log, and the facts of items and users: those given, or those of the log."""
    if not isinstance(source, EventLog):
        return "", item_facts, user_facts
    return (
        f"interactions@{source.version('interactions')}",
        facts_at(source, "item_updates", None) if item_facts is None else item_facts,
        facts_at(source, "user_updates", None) if user_facts is None else user_facts,
    )


def _span(events: pl.LazyFrame) -> tuple[int, int]:
    """The first and the last instant, µs UTC."""
    first, last = _collect(events.select(pl.col("time").min().alias("first"), pl.col("time").max().alias("last"))).row(
        0
    )
    return int(first), int(last)


def _events(source: EventLog | Frame) -> pl.LazyFrame:
    """``user_id, item_id, kind, time`` (int64 µs), lazily."""
    rows = source.scan("interactions") if isinstance(source, EventLog) else source.lazy()
    kind = pl.col("kind").cast(pl.String) if "kind" in rows.collect_schema().names() else pl.lit("interaction")
    ids = pl.col("user_id", "item_id").cast(pl.String)
    return rows.select(ids, kind.fill_null("interaction").alias("kind"), pl.col("time").cast(pl.Int64))


def _collect(frame: pl.LazyFrame) -> Frame:
    return frame.collect(engine="streaming")


def _moment() -> pl.Expr:
    return pl.col("time").cast(pl.Datetime("us"))


def _days(events: pl.LazyFrame) -> Frame:
    """Events per day and kind."""
    counts = _collect(events.group_by(_moment().dt.date().alias("day"), "kind").agg(pl.len().alias("events")))
    if counts.is_empty():
        raise BadInput("there are no events to report on; import some first: slatewright import")
    return counts.sort("day", "kind")


def _hours(events: pl.LazyFrame) -> Frame:
    weekday, hour = _moment().dt.weekday().alias("weekday"), _moment().dt.hour().alias("hour")
    return _collect(events.group_by(weekday, hour).agg(pl.len().alias("events"))).sort("weekday", "hour")


def _kinds(events: pl.LazyFrame) -> Frame:
    counts = events.group_by("kind").agg(
        pl.len().alias("events"), _distinct("user_id").alias("users"), _distinct("item_id").alias("items")
    )
    return _collect(counts).sort(["events", "kind"], descending=[True, False])


def _owners(acts: pl.LazyFrame, key: str, since: int) -> Frame:
    """One row per user or item: ``events``, ``recent`` events, ``first`` event, and the ``users`` of an item."""
    users = [_distinct("user_id").alias("users")] if key == "item_id" else []
    counts = acts.group_by(key).agg(
        pl.len().alias("events"),
        *users,
        (pl.col("time") >= since).sum().alias("recent"),
        pl.col("time").min().alias("first"),
    )
    return _collect(counts)


def _distinct(column: str) -> pl.Expr:
    """How many different values; counted by 64-bit hashes, which is five times faster than by text."""
    return pl.col(column).hash().n_unique()


def _pairs(acts: pl.LazyFrame) -> int:
    pair = pl.col("user_id").hash() * pl.lit(_ODD, dtype=pl.UInt64) + pl.col("item_id").hash()
    return int(_collect(acts.select(pair.n_unique())).item())


def _spread(owners: Frame) -> Spread:
    sizes, counts = np.unique(owners["events"].to_numpy(), return_counts=True)
    return Spread(sizes.astype(np.int64), counts.astype(np.int64))


def _recent_since(days: Frame) -> int:
    """The first midnight (µs) with at most a fifth of the events after it; the last day at the latest."""
    daily = days.group_by("day").agg(pl.col("events").sum()).sort("day")
    after = daily["events"].sum() - daily["events"].cum_sum() + daily["events"]
    late = daily.filter(after <= _RECENT * int(daily["events"].sum()))
    day = late["day"][0] if late.height else daily["day"][-1]
    return int(pl.Series([day]).cast(pl.Datetime("us")).to_physical()[0])


def _newcomers(users: Frame, items: Frame, since: int) -> Newcomers:
    recent_users, recent_items = users.filter(pl.col("recent") > 0), items.filter(pl.col("recent") > 0)
    new_users = recent_users.filter(pl.col("first") >= since)
    new_items = recent_items.filter(pl.col("first") >= since)
    return Newcomers(
        since,
        int(recent_users["recent"].sum()),
        int(new_users["recent"].sum()),
        int(new_items["recent"].sum()),
        recent_users.height,
        new_users.height,
        recent_items.height,
        new_items.height,
    )


def _named(items: Frame, facts: Frame | None) -> Frame:
    """Items by events, busiest first: ``item_id, title, events, users``."""
    ranked = items.sort(["events", "item_id"], descending=[True, False])
    title = next((name for name in TITLES if facts is not None and name in facts.columns), None)
    if facts is None or title is None:
        return ranked.with_columns(title=pl.lit(None, dtype=pl.String)).select(EMPTY_ITEMS.names())
    titles = facts.select(pl.col("item_id").cast(pl.String), title=pl.col(title).cast(pl.String)).unique("item_id")
    return ranked.join(titles, on="item_id", how="left", maintain_order="left").select(EMPTY_ITEMS.names())


def _warm(owners: Frame, facts: Frame | None, key: str) -> int:
    if facts is None:
        return 0
    return facts.select(pl.col(key).cast(pl.String)).unique().join(owners, on=key, how="anti").height
