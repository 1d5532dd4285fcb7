"""Following the journal: what any worker acknowledged is known to this one before its next answer."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import orjson

from slatewright.events.journal import Arrived, Events, Journal
from slatewright.events.records import Impression, Interaction, ItemUpdate, UserUpdate
from slatewright.serve.guarding.last_resort import without_words
from slatewright.serve.workers.bell import Bell

log = logging.getLogger("slatewright.serve")

_AT_ONCE = 5_000  # rows that are taken in together


@dataclass(frozen=True, slots=True)
class TakeIn:
    """What a process does with what is durable: ``see`` lets the next slates know it.

    ``reload`` is called where the journal has let go of rows that were not read, because the process stood still for
    days; ``failed`` hears of what could not be taken in.
    """

    see: Callable[[Sequence[Events]], None]
    reload: Callable[[], None]
    failed: Callable[[str], None]


class Follower(Protocol):
    """How a process knows what is in the journal; any thread may ask."""

    def begin(self) -> None:
        """Follow what arrives from now on; what is here already is read from the journal and the log afterwards."""

    def took(self, taken: Sequence[Events]) -> None:
        """This process has committed something: know it, and let the others know."""

    def behind(self) -> bool:
        """Whether somebody has acknowledged something that this process does not know yet."""

    def catch_up(self) -> None:
        """Know all that was acknowledged before this call."""

    def look(self) -> None:
        """Know what nobody told of."""


@dataclass(frozen=True, slots=True)
class Alone:
    """A process that is the only one: it knows what it takes, and nobody else takes anything."""

    take_in: TakeIn

    def begin(self) -> None:
        """Nothing to do."""

    def took(self, taken: Sequence[Events]) -> None:
        """Know it."""
        self.take_in.see(taken)

    def behind(self) -> bool:
        """Never."""
        return False

    def catch_up(self) -> None:
        """Nothing to do."""

    def look(self) -> None:
        """Nothing to do."""


class Following:
    """One of several workers: takes in the rows of the journal in their order, whoever wrote them.

    Before ``begin`` nothing is followed.
    """

    def __init__(self, journal: Journal, bell: Bell, take_in: TakeIn) -> None:
        self._journal, self._bell, self._take_in = journal, bell, take_in
        self._reading = threading.Lock()
        self._heard = bell.heard()
        self._number: int | None = None

    def begin(self) -> None:
        """Follow what arrives from now on; what is here already is read from the journal and the log afterwards."""
        with self._reading:
            self._heard, self._number = self._bell.heard(), self._journal.newest()

    def took(self, taken: Sequence[Events]) -> None:
        """Tell the other workers of a commit of this one; its rows are read here as they are there."""
        self._bell.ring()
        self.catch_up()

    def behind(self) -> bool:
        """Whether a worker has acknowledged something that this one does not know yet."""
        return self._heard != self._bell.heard()

    def catch_up(self) -> None:
        """Know all that was acknowledged before this call; what cannot be read does not stop an answer."""
        if not self.behind():
            return
        with self._reading:
            try:
                if self.behind():
                    self._read()
            except Exception as error:  # the journal has it, and the next look tries again
                log.error("slates do not see events of the journal yet\n%s", "\n".join(without_words(error)))
                self._take_in.failed("follow")

    def look(self) -> None:
        """Know what nobody rang for: somebody else writes too, or a worker was killed right after a commit."""
        with self._reading:
            self._read()

    def _read(self) -> None:
        heard = self._bell.heard()  # before the rows: who rings meanwhile is heard next time
        if self._number is None:
            return
        if not self._journal.reaches_back_to(self._number):
            log.warning("rows of the journal went before they were read here; reading back what happened")
            self._number = self._journal.newest()
            self._take_in.reload()
        arrived = self._journal.after(self._number, limit=_AT_ONCE)
        while arrived.upto != self._number:
            self._number = arrived.upto  # before they are taken in: what cannot be, is not tried again and again
            self._take_in.see([events_of(arrived)])
            arrived = self._journal.after(self._number, limit=_AT_ONCE)
        self._heard = heard


def events_of(arrived: Arrived) -> Events:
    """The records in rows."""
    interactions, impressions = list[Interaction](), list[Impression]()
    item_updates, user_updates = list[ItemUpdate](), list[UserUpdate]()
    for table, body in arrived.rows:
        told = orjson.loads(body)
        if table == "interactions":
            interactions.append(Interaction(**told))
        elif table == "impressions":
            lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
            impressions.append(Impression(**{**told, **lists}))
        elif table == "item_updates":
            item_updates.append(ItemUpdate(**{**told, "facts": orjson.loads(told["facts"])}))
        else:
            user_updates.append(UserUpdate(**{**told, "facts": orjson.loads(told["facts"])}))
    return Events(interactions, impressions, item_updates, user_updates)
