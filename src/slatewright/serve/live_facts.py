"""Facts of items told since the live bundle learned: read back at a start and a swap, taken in as they come between."""

import threading
from collections.abc import Iterable, Mapping

import orjson
import polars as pl

from slatewright.events.journal import Journal
from slatewright.events.log import EventLog
from slatewright.events.records import ItemUpdate
from slatewright.pipeline.fact_columns import type_of_value
from slatewright.pipeline.world import World
from slatewright.serve.heard_types import HeardTypes

_TABLE = "item_updates"


class LiveFacts:
    """The latest word on each fact of each item of the live catalogue; later words win, fact by fact."""

    def __init__(self, log: EventLog, journal: Journal) -> None:
        self._log, self._journal = log, journal
        self._lock = threading.Lock()
        self._said: dict[str, dict[str, tuple[int, str, object]]] = {}  # item_id, fact: time, event_id, value
        self._types = HeardTypes()

    def check(self, name: str, value: object, world: World | None) -> None:
        """Let pass a value that the next training can learn beside all others of its fact.

        Raises:
            BadInput: it is of another type than the fact.
        """
        self._types.check(name, value, None if world is None else world.item_facts.types.get(name))

    def tell(self, updates: Iterable[ItemUpdate], world: World | None) -> None:
        """Take in updates that are durable, in any order, and let the stages of a world see them."""
        updates = list(updates)
        told = [update for update in updates if world is None or world.catalogue.items.find(update.item_id) is not None]
        with self._lock:
            for update in updates:
                self._types.hear(update.facts)
            for update in told:
                self._note(update)
        self.over(world, {update.item_id for update in told})

    def prepare(self, world: World, since: int) -> None:
        """Before a bundle becomes live: read back what it may not have learned, and let its stages see all of it."""
        updates = _since(self._log, self._journal, since)
        with self._lock:
            self._said = {
                name: said for name, said in self._said.items() if world.catalogue.items.find(name) is not None
            }
        self.tell(updates, world)
        self.over(world, None)

    def over(self, world: World | None, names: Iterable[str] | None) -> None:
        """Lay the facts of some items, or of all, over what a world's catalogue knows."""
        if world is None:
            return
        with self._lock:
            told: dict[int, Mapping[str, object]] = {}
            for name in self._said if names is None else names:
                item = world.catalogue.items.find(name)
                if item is not None and name in self._said:
                    told[item] = _fitting(self._said[name], world)
        if told:
            world.item_facts.update(told)

    def _note(self, update: ItemUpdate) -> None:
        said = self._said.setdefault(update.item_id, {})
        for name, value in update.facts.items():
            if name not in said or said[name][:2] <= (update.time, update.event_id):
                said[name] = (update.time, update.event_id, value)


def _fitting(said: Mapping[str, tuple[int, str, object]], world: World) -> dict[str, object]:
    """What goes with the types of this catalogue; an import may have told otherwise."""
    found = {}
    for name, (_, _, value) in said.items():
        kind, known = type_of_value(value), world.item_facts.types.get(name)
        if kind is not None and (known in (None, kind) or (known, kind) in (("texts", "text"), ("time", "text"))):
            found[name] = value
    return found


def _since(log: EventLog, journal: Journal, since: int) -> list[ItemUpdate]:
    """The updates at or after an instant, oldest first, one per event_id."""
    pending = journal.pending()[_TABLE]  # read first: a row that a flush moves meanwhile is then in the log
    logged = log.scan(_TABLE, since=since).collect()
    updates = pl.concat([logged, pending]).with_columns(pl.col("time").dt.epoch("us")).filter(pl.col("time") >= since)
    rows = updates.unique("event_id", keep="first").sort("time", "event_id").iter_rows(named=True)
    return [ItemUpdate(**{**row, "facts": orjson.loads(row["facts"])}) for row in rows]
