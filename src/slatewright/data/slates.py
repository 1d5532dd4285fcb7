"""Slates that were shown, as a log has them: read window by window, so that never more than a window is in memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self, TypeAlias

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame, Index, Mask, Times
from slatewright.data.idmap import IdMap
from slatewright.data.showings import MOST_SHOWN, SHOWN_SINCE, Showings

Scan: TypeAlias = Callable[[int | None, int | None], pl.LazyFrame]  # the rows since and before two instants (µs UTC)
WINDOW_ROWS = 50_000  # slates in memory at once, where not more of them have one time
STRANGERS = 1 << 30
MOST_HELD = 5_000_000  # items shown that are held over all users, 16 bytes each; the newest


class Window(NamedTuple):
    """The slates shown before ``end`` and since the end of the window before it; ``time`` is int64 µs UTC."""

    end: int
    slates: Frame


@dataclass(frozen=True)
class Slates:
    """The table of impressions: ``scan`` opens a part of it."""

    scan: Scan
    window_rows: int = WINDOW_ROWS

    @classmethod
    def of(cls, slates: Frame, window_rows: int = WINDOW_ROWS) -> Self:
        """Slates at hand."""
        table = slates.with_columns(_micros(slates.schema["time"]))

        def scan(since: int | None, before: int | None) -> pl.LazyFrame:
            rows = table.lazy()
            rows = rows if since is None else rows.filter(pl.col("time") >= since)
            return rows if before is None else rows.filter(pl.col("time") < before)

        return cls(scan, window_rows)

    def windows(
        self, columns: tuple[str, ...], since: int | None, before: int, *, newest_first: bool = False
    ) -> Iterator[Window]:
        """The slates of a time, in the order of windows; ``time`` is always among the columns. Empty ones are left out.

        Within a window they are in no order.
        """
        open_ = [(self._first(before) if since is None else since, before)]
        while open_:
            begin, end = open_.pop()
            rows = self.scan(begin, end)
            n = int(rows.select(pl.len()).collect().item())
            if n > self.window_rows and end - begin > 1:
                halves = [(begin, (begin + end) // 2), ((begin + end) // 2, end)]
                open_ += halves if newest_first else halves[::-1]
            elif n:
                schema = rows.collect_schema()
                wanted = [name for name in columns if name in schema and name != "time"]
                yield Window(end, rows.select(*wanted, _micros(schema["time"])).collect())

    def _first(self, before: int) -> int:
        """When the first of them was shown."""
        rows = self.scan(None, before)
        first = rows.select(_micros(rows.collect_schema()["time"])).min().collect().item()
        return before if first is None else int(first)


class Rows(NamedTuple):
    """Known items of slates, each for itself: which user, which item, when.

    A user below 0 is nobody known; rows of one number are of one stranger.
    """

    users: Index
    items: Index
    times: Times

    def take(self, at: Array) -> "Rows":
        """Some of them."""
        return Rows(self.users[at], self.items[at], self.times[at])


def rows_of(slates: Frame, users: IdMap, items: IdMap) -> Rows:
    """The items of slates ``user_id, item_ids, time``, those of unknown items left out."""
    user = users.positions(slates["user_id"])
    strangers = user < 0
    user[strangers] = -1 - (_names(slates)["user_id"].hash(0) % STRANGERS).to_numpy()[strangers].astype(np.int32)
    rows = slates.select("item_ids", "time", user=pl.Series(user, dtype=pl.Int32))
    rows = rows.explode("item_ids", empty_as_null=False)
    item, known = items.locate(rows["item_ids"])
    return Rows(rows["user"].to_numpy()[known], item, rows["time"].to_numpy()[known])


def _names(slates: Frame) -> Frame:
    """User ids, where a visitor without a name has a name for each slate."""
    alone = pl.lit("slate ") + pl.int_range(pl.len()).cast(pl.String)
    return slates.select(pl.coalesce("user_id", alone))


def showings(
    slates: Slates, users: IdMap, items: IdMap, since: int, before: int, *, of: Mask | None = None
) -> Showings:
    """What users were shown, the newest ``MOST_HELD`` items of all; of a user whom ``of`` marks (all where it is None).

    Of each of them everything, where ``of`` is told, else the newest ``MOST_SHOWN`` of the last ``SHOWN_DAYS``.
    """
    since = since if of is not None else max(since, before - SHOWN_SINCE)
    room: Array = np.full(len(users), MOST_SHOWN if of is None else MOST_HELD, dtype=np.int64)
    if of is not None:
        room[~of] = 0
    found, held = [Rows(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))], 0
    for window in slates.windows(("user_id", "item_ids"), since, before, newest_first=True):
        kept = _newest(rows_of(window.slates, users, items), room, MOST_HELD - held)
        found.append(kept)
        held += len(kept.items)
        if held >= MOST_HELD:
            break
    owners, what, when = (np.concatenate([part[at] for part in found]) for at in range(3))
    return Showings.of(owners, what, when, len(users))


def _newest(rows: Rows, room: Array, most: int) -> Rows:
    """The newest rows of each user for which there is room, at most so many; the room shrinks."""
    known = rows.users >= 0
    known[known] = room[rows.users[known]] > 0
    rows = rows.take(known)
    order = np.lexsort((rows.items, rows.times, rows.users))[::-1]
    users = rows.users[order]
    starts = np.flatnonzero(np.diff(users, prepend=-1) != 0)
    place = np.arange(len(users)) - np.repeat(starts, np.diff(np.append(starts, len(users))))
    kept = order[place < room[users]]
    if len(kept) > most:
        kept = kept[np.argsort(rows.times[kept], kind="stable")[len(kept) - most :]]
    room -= np.bincount(rows.users[kept], minlength=len(room))
    return rows.take(kept)


def _micros(kind: pl.DataType) -> pl.Expr:
    """``time`` as int64 µs UTC, whatever the column holds."""
    time = pl.col("time")
    return time.dt.epoch("us") if kind.is_temporal() else time.cast(pl.Int64)
