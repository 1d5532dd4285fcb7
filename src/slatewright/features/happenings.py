"""Events as features count them: what users did and what they were shown, as one table or as arrays."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Mask, Offsets
from slatewright.data.idmap import IdMap
from slatewright.data.interactions import Interactions
from slatewright.features.layout import EVERY_KIND, Acts, Kinds

IMPRESSION = "impression"  # the kind of the event that an item was shown
COLUMNS = ("user_id", "item_id", "kind", "time", "value")


class Witnessed(NamedTuple):
    """The interactions of a data set and the slates that were shown: ``shown`` has ``user_id``, ``item_ids``, ``time``,
    and ``users`` are the ids of the data set."""

    interactions: Interactions
    users: IdMap
    shown: Frame


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


def happened(events: Events, items: IdMap, kinds: Mapping[str, int]) -> Happened:
    """The events of known items in the order of time; ``kinds`` numbers the kinds that are asked for."""
    if isinstance(events, Witnessed):
        return _in_order(_end_to_end(_done(events.interactions, kinds), _shown(events, items, kinds)))
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


def _shown(events: Witnessed, items: IdMap, kinds: Mapping[str, int]) -> Happened:
    """Each known item of each slate; users whom the data set does not know have numbers behind its own."""
    slates = events.shown.select("item_ids", "user_id", _time(events.shown))
    user = events.users.positions(slates["user_id"])
    behind = slates["user_id"].rank("dense").fill_null(0).to_numpy() + len(events.users)
    slates = slates.with_columns(user=pl.Series(np.where(user < 0, behind, user), dtype=pl.Int32)).drop("user_id")
    rows = slates.explode("item_ids", empty_as_null=False)
    item, known = items.locate(rows["item_ids"])
    rows = rows.select("time", "user").filter(pl.Series(known))
    numbers = np.full(rows.height, numbered([IMPRESSION], kinds)[0])
    ones = np.ones(rows.height, dtype=np.float32)
    return Happened(Acts(item, numbers, rows["time"].to_numpy(), ones), rows["user"].to_numpy())


def _end_to_end(first: Happened, second: Happened) -> Happened:
    one, other = first.acts, second.acts
    acts = Acts(
        np.concatenate([one.items, other.items]),
        np.concatenate([one.kinds, other.kinds]),
        np.concatenate([one.times, other.times]),
        np.concatenate([one.values, other.values]),
    )
    return Happened(acts, np.concatenate([first.users, second.users]))


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
