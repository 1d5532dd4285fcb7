"""Events as features count them: what users did and what they were shown, as one table or as arrays."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Mask, Offsets
from slatewright.data.idmap import IdMap
from slatewright.data.interactions import Interactions
from slatewright.data.slates import Rows, Slates, rows_of
from slatewright.features.layout import EVERY_KIND, Acts, Kinds

IMPRESSION = "impression"  # the kind of the event that an item was shown
COLUMNS = ("user_id", "item_id", "kind", "time", "value")


class Witnessed(NamedTuple):
    """The interactions of a data set, whose ids of users are ``users``, and the slates that were shown."""

    interactions: Interactions
    users: IdMap
    shown: Slates


Events: TypeAlias = Frame | Interactions | Witnessed


def happenings(interactions: Frame | None, impressions: Frame | None = None) -> Frame:
    """One table ``user_id, item_id, kind, time, value`` of what was done and of each item that was shown.

    Both are canonical tables of the log (see ``events.schema``), or parts of them.
    """
    parts = []
    if interactions is not None:
        value = pl.col("value") if "value" in interactions.columns else pl.lit(1.0)
        parts.append(interactions.select("user_id", "item_id", "kind", _time(interactions), value.cast(pl.Float64)))
    if impressions is not None:
        shown = impressions.select("user_id", pl.col("item_ids").alias("item_id"), _time(impressions))
        shown = shown.explode("item_id", empty_as_null=False)
        parts.append(shown.with_columns(kind=pl.lit(IMPRESSION), value=pl.lit(1.0)).select(COLUMNS))
    return pl.concat(parts)


def _time(frame: Frame) -> pl.Expr:
    """Whole µs UTC, whatever the column holds."""
    time = pl.col("time")
    return time.dt.epoch("us") if frame.schema["time"].is_temporal() else time.cast(pl.Int64)


class Occurrence(NamedTuple):
    """One item in one event."""

    item_id: str
    kind: str
    time: int
    value: float


def acts_of(occurrences: Iterable[Occurrence], items: IdMap, kinds: Mapping[str, int]) -> Acts:
    """A few events as kernels count them, in the order given, those of unknown items left out."""
    rows = list(occurrences)
    found = items.positions([row.item_id for row in rows])
    known = found >= 0
    others = len(kinds) + 1
    numbers = np.array([kinds.get(row.kind, others) for row in rows], dtype=np.int8)
    times = np.array([row.time for row in rows], dtype=np.int64)
    values = np.array([row.value for row in rows], dtype=np.float32)
    return Acts(found[known], numbers[known], times[known], values[known])


class Happened(NamedTuple):
    """Events of known items in the order of time: as kernels count them, and whose they are, int32 (events,)."""

    acts: Acts
    users: Index

    def cut(self, instant: int) -> tuple["Happened", "Happened"]:
        """Those before an instant, and those from then on; they share memory."""
        at = int(np.searchsorted(self.acts.times, instant))
        return self.only(slice(None, at)), self.only(slice(at, None))

    def only(self, rows: Mask | Offsets | slice) -> "Happened":
        """Some of them: a mask, positions, or a slice, which shares memory."""
        acts = self.acts
        some = Acts(acts.items[rows], acts.kinds[rows], acts.times[rows], acts.values[rows])
        return Happened(some, self.users[rows])


def happened(events: Frame | Interactions, items: IdMap, kinds: Mapping[str, int]) -> Happened:
    """The events of known items in the order of time; ``kinds`` numbers the kinds that are asked for."""
    if isinstance(events, Interactions):
        return _in_order(_done(events, kinds))
    rows = events.with_columns(_time(events))
    item, known = items.locate(rows["item_id"])
    rows = rows if known.all() else rows.filter(pl.Series(known))
    values = rows["value"].cast(pl.Float32).to_numpy() if "value" in rows.columns else np.ones(rows.height, np.float32)
    users = np.zeros(rows.height, dtype=np.int32)
    if "user_id" in rows.columns:
        users = rows["user_id"].rank("dense").fill_null(0).cast(pl.Int32).to_numpy()
    return _in_order(Happened(Acts(item, _kinds(rows, kinds), rows["time"].to_numpy(), values), users))


def _done(events: Interactions, kinds: Mapping[str, int]) -> Happened:
    numbers = numbered(events.kinds, kinds)[events.kind]
    return Happened(Acts(events.item, numbers, events.time, events.value), events.user)


class Part(NamedTuple):
    """What happened before ``end`` and since the end of the part before it."""

    end: int
    events: Happened


def parts(
    events: Events, items: IdMap, kinds: Mapping[str, int], since: int | None, before: int, whole: bool
) -> Iterator[Part]:
    """The events of known items of a time, part by part in the order of time, so that not all of them are in memory.

    Only slates that were shown are read so; ``whole`` takes all together.
    """
    if not isinstance(events, Witnessed):
        yield Part(before, _between(happened(events, items, kinds), since, before))
        return
    done = _between(happened(events.interactions, items, kinds), since, before)
    shown = (
        Part(window.end, _shown(rows_of(window.slates, events.users, items), kinds))
        for window in events.shown.windows(("user_id", "item_ids"), since, before)
    )
    if whole:
        together = [one.events for one in shown]
        yield Part(before, _in_order(_end_to_end(done, *together)))
        return
    for end, some in shown:
        earlier, done = done.cut(end)
        yield Part(end, _in_order(_end_to_end(earlier, some)))
    yield Part(before, done)


def _between(events: Happened, since: int | None, before: int) -> Happened:
    events, _ = events.cut(before)
    return events if since is None else events.cut(since)[1]


def _shown(rows: Rows, kinds: Mapping[str, int]) -> Happened:
    """Items of slates as events."""
    ones = np.ones(len(rows.items), dtype=np.float32)
    numbers = np.full(len(rows.items), numbered([IMPRESSION], kinds)[0])
    return Happened(Acts(rows.items, numbers, rows.times, ones), rows.users)


def _end_to_end(*parts: Happened) -> Happened:
    columns = [np.concatenate([part.acts[at] for part in parts]) for at in range(len(Acts._fields))]
    return Happened(Acts(*columns), np.concatenate([part.users for part in parts]).astype(np.int32))


def _kinds(rows: Frame, kinds: Mapping[str, int]) -> Kinds:
    if "kind" not in rows.columns:
        return np.full(rows.height, EVERY_KIND, dtype=np.int8)
    names = rows["kind"].unique()
    numbers = pl.Series(numbered(names.to_list(), kinds))
    found = rows["kind"].replace_strict(names, numbers, return_dtype=pl.Int8).to_numpy()
    return np.asarray(found, dtype=np.int8)  # of no rows it is a column of objects


def numbered(names: Sequence[str], kinds: Mapping[str, int]) -> Kinds:
    """The number of each kind, one that nobody asks for being one more than all others, int8 (n,)."""
    return np.array([kinds.get(name, len(kinds) + 1) for name in names], dtype=np.int8)


def _in_order(events: Happened) -> Happened:
    """The same by time, in arrays of their own: kernels are compiled for arrays that may be written to."""
    times = events.acts.times
    if (times[1:] >= times[:-1]).all():
        return events.only(np.ones(len(times), dtype=np.bool_))
    return events.only(np.argsort(times, kind="stable"))
