"""The counts behind the features of the live bundle: what it counted in training, and every event since, once."""

import logging
import threading
from collections.abc import Iterator
from typing import NamedTuple

import orjson
import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import NotWritten, Unreachable
from slatewright.events.journal import JOURNALED, Arrived, Journal
from slatewright.events.log import EventLog
from slatewright.features.happenings import IMPRESSION, Occurrence, happenings
from slatewright.features.redis_state import RedisState
from slatewright.features.sets import BoundFeatures
from slatewright.features.snapshot import restore, save
from slatewright.features.state import Arrival, LiveCounts, MemoryState, State
from slatewright.pipeline.world import World
from slatewright.store.shop import Shop

log = logging.getLogger("slatewright.serve")

_ALL = -1  # rows that SQLite gives where it is told no limit


class Counted(NamedTuple):
    """A bundle, its features, and the state that counts for them."""

    version: str
    features: BoundFeatures
    state: State


class Counting:
    """Follows the journal, whoever wrote into it: several server processes count the same.

    In memory by default, with a snapshot on the disk that a start goes on from; in Redis where ``url`` names one.
    """

    def __init__(self, shop: Shop, journal: Journal, url: str | None = None) -> None:
        self._shop, self._journal, self._url = shop, journal, url
        # a data set, and so a bundle's counters, leaves kinds of no weight out
        self._left_out = left_out(shop)
        self._counted: Counted | None = None
        self._as_of = 0
        self._saving = threading.Lock()
        self._saved: tuple[str, int | None] | None = None

    def prepare(self, world: World) -> None:
        """Before a bundle becomes live: bring its counts up to date, and let its stages read them."""
        features, counts = world.features, world.counts
        if features is None or not isinstance(counts, LiveCounts):
            self._counted = None
            return
        counts.counters.compiled(features.layout)
        state: State
        if self._url:
            name = self._shop.root.resolve().name
            state = RedisState(self._url, features.layout, counts.counters, shop=name, label=world.version)
        else:
            state = MemoryState(features.layout, counts.counters)
            restore(state, counts.counters, self._shop.counts / f"{world.version}.npz", world.version)
        counted = Counted(world.version, features, state)
        self._begin_where_it_must(counted, world.as_of)
        self._as_of = world.as_of
        counts.follow(state)
        self._counted = counted

    def catch_up(self) -> None:
        """Count what the journal has and the state does not; what cannot be counted now, the next look counts."""
        try:
            if self._counted is not None:
                self._catch_up(self._counted)
        except Exception as error:  # the events are safe, and who sent them must be told so
            log.warning("events are not counted yet: %s", error)

    def look_after(self) -> None:
        """Catch up, from the beginning where a state was lost (a Redis that came back empty)."""
        if self._counted is not None:
            self._begin_where_it_must(self._counted, self._as_of)

    def save(self) -> None:
        """Write a snapshot if anything was counted since the last one, and remove those of other bundles.

        Raises:
            NotWritten: the disk refused; the snapshot before it is still there.
        """
        with self._saving:
            counted = self._counted
            if counted is None or not isinstance(counted.state, MemoryState):
                return
            now = counted.version, counted.state.position(self._journal.name)
            if now == self._saved:
                return
            self._shop.counts.mkdir(exist_ok=True)
            path = self._shop.counts / f"{counted.version}.npz"
            save(counted.state, path, counted.version)
            self._saved = now
            for other in self._shop.counts.glob("*.npz"):
                if other != path:
                    other.unlink(missing_ok=True)

    def stop(self) -> None:
        """Write a last snapshot. Without it the next start counts more of the journal, or all of the log."""
        try:
            self.save()
        except NotWritten as error:
            log.warning("the next start takes longer: %s", error)

    def _begin_where_it_must(self, counted: Counted, as_of: int) -> None:
        position = counted.state.position(self._journal.name)
        if position is None or not self._journal.reaches_back_to(position):
            frame, upto = everything_since(self._shop.log, self._journal, as_of)
            frame = frame.filter(~pl.col("kind").is_in(self._left_out))
            arrival = Arrival(self._journal.name, 0, upto, counted.features.happened(frame).acts)
            try:
                counted.state.begin(arrival)
            except Unreachable as error:
                log.warning("%s; features are read as they were in training", error)
                return
        self._catch_up(counted)

    def _catch_up(self, counted: Counted) -> None:
        while True:
            position = counted.state.position(self._journal.name)
            arrived = None if position is None else self._journal.after(position)
            if arrived is None or arrived.upto == position:
                return
            acts = counted.features.acts(one for one in occurrences(arrived) if one.kind not in self._left_out)
            taken = counted.state.apply(Arrival(arrived.journal, arrived.after, arrived.upto, acts))
            if not taken and counted.state.position(self._journal.name) == position:
                return  # it does not answer: the next look goes on from there


def left_out(shop: Shop) -> frozenset[str]:
    """The kinds of event that have no weight."""
    return frozenset(kind for kind, weight in shop.weighing().weights.items() if not weight)


def count_until(shop: Shop, journal: Journal, world: World, instant: int) -> None:
    """Let the stages of a bundle read what had happened before an instant (µs UTC), also if it is long past."""
    features, counts = world.features, world.counts
    if features is None or not isinstance(counts, LiveCounts):
        return
    frame, upto = everything_since(shop.log, journal, world.as_of)
    frame = frame.filter(pl.col("time") < instant, ~pl.col("kind").is_in(left_out(shop)))
    state = MemoryState(features.layout, counts.counters)
    state.begin(Arrival(journal.name, 0, upto, features.happened(frame).acts))
    counts.follow(state)


def everything_since(log: EventLog, journal: Journal, as_of: int) -> tuple[Frame, int]:
    """All that happened since an instant, each event once, and the number of the last row of the journal among it."""
    newest, pending = journal.newest(), journal.pending()  # read first: what a flush moves meanwhile is in the log then
    logged = {table: log.scan(table, since=as_of).collect() for table in JOURNALED}
    arrived = journal.after(newest, limit=_ALL)  # what came meanwhile and may be in the log already
    tables = {}
    for table in JOURNALED:
        parts = [logged[table], pending[table], *(frame for name, frame in arrived.tables().items() if name == table)]
        rows = pl.concat(parts).unique("event_id", keep="first")
        tables[table] = rows.filter(pl.col("time").dt.epoch("us") >= as_of)
    return happenings(tables["interactions"], tables["impressions"]), arrived.upto


def occurrences(arrived: Arrived) -> Iterator[Occurrence]:
    """What rows of a journal say, one item at a time: for a few of them tables would cost more than the counting."""
    for table, body in arrived.rows:
        event = orjson.loads(body)
        if table == "interactions":
            yield Occurrence(event["item_id"], event["kind"], event["time"], event["value"])
        elif table == "impressions":
            yield from (Occurrence(item_id, IMPRESSION, event["time"], 1.0) for item_id in event["item_ids"])
