"""Facts of users told since the live bundle learned: read back at a start and a swap, taken in as they come between."""

import threading
from collections import OrderedDict
from collections.abc import Iterable

import orjson
import polars as pl

from slatewright.events.journal import Journal
from slatewright.events.log import EventLog
from slatewright.events.records import UserUpdate
from slatewright.pipeline.fact_columns import types_of
from slatewright.pipeline.telling import Facts
from slatewright.pipeline.world import World
from slatewright.serve.heard_types import HeardTypes

_TABLE = "user_updates"
_LETTERS = 100  # of a text that count as one fact, so that few long ones fill no memory


class ToldUsers:
    """The latest word on each fact of each user; later words win, fact by fact. Any thread may tell and read.

    ``most`` facts are held over all users; who was told of longest ago goes first, and is known as of training then.
    """

    def __init__(self, log: EventLog, journal: Journal, most: int) -> None:
        self._log, self._journal, self._most = log, journal, most
        self._lock = threading.Lock()
        self._said: OrderedDict[str, dict[str, tuple[int, str, object]]] = OrderedDict()  # fact: time, event_id, value
        self._size = 0
        self._types = HeardTypes()

    def check(self, name: str, value: object, world: World | None) -> None:
        """Let pass a value that the next training can learn beside all others of its fact.

        Raises:
            BadInput: it is of another type than the fact.
        """
        known = None if world is None else types_of(world.user_facts.schema).get(name)
        self._types.check(name, value, known)

    def tell(self, updates: Iterable[UserUpdate]) -> None:
        """Take in updates that are durable, in any order."""
        with self._lock:
            for update in updates:
                self._types.hear(update.facts)
                self._note(update)
            while self._size > self._most and len(self._said) > 1:
                _, gone = self._said.popitem(last=False)
                self._size -= sum(_size(value) for *_, value in gone.values())

    def prepare(self, since: int, before: int | None = None) -> None:
        """Before a bundle becomes live: read back what it may not have learned; nothing at or after ``before``."""
        pending = self._journal.pending()[_TABLE]  # read first: a row that a flush moves meanwhile is then in the log
        logged = self._log.scan(_TABLE, since=since).collect()
        updates = pl.concat([logged, pending]).with_columns(pl.col("time").dt.epoch("us"))
        if before is not None:
            updates = updates.filter(pl.col("time") < before)
        rows = updates.filter(pl.col("time") >= since).unique("event_id", keep="first").sort("time", "event_id")
        self.tell(UserUpdate(**{**row, "facts": orjson.loads(row["facts"])}) for row in rows.iter_rows(named=True))

    def forget(self, before: int) -> None:
        """Let go what was told before an instant: the live bundle has learned it."""
        with self._lock:
            for user_id, said in list(self._said.items()):
                for name in [name for name, (time, *_) in said.items() if time < before]:
                    self._size -= _size(said.pop(name)[2])
                if not said:
                    del self._said[user_id]

    def read(self, user_id: str | None) -> Facts:
        """What was told of a user, by the name of the fact."""
        if user_id is None or not self._said:
            return {}
        with self._lock:
            return {name: value for name, (_, _, value) in self._said.get(user_id, {}).items()}

    def mark(self, user_id: str | None) -> str:
        """Another text whenever something else is known of the user."""
        if user_id is None or not self._said:
            return ""
        with self._lock:
            said = self._said.get(user_id)
            return "" if said is None else "|".join(f"{time}.{event_id}" for time, event_id, _ in said.values())

    def __len__(self) -> int:
        """Facts held."""
        return self._size

    def _note(self, update: UserUpdate) -> None:
        said = self._said.setdefault(update.user_id, {})
        for name, value in update.facts.items():
            if name not in said or said[name][:2] <= (update.time, update.event_id):
                self._size += _size(value) - (_size(said[name][2]) if name in said else 0)
                said[name] = (update.time, update.event_id, value)
        self._said.move_to_end(update.user_id)


def _size(value: object) -> int:
    """As how many facts a value counts."""
    texts = value if isinstance(value, list | tuple) else (value,)
    return 1 + sum(len(one) // _LETTERS for one in texts if isinstance(one, str)) + len(texts) // 10
