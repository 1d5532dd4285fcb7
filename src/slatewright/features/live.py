"""Live histories: what each user did, and was shown, since the live bundle learned, kept in memory and bounded.

The trainer replays the log, the server applies each event as it arrives; ``tests/features/test_joining.py`` holds
both to the same history. Nothing is lost when a user is let go here: the log has it, and the next bundle learns it.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from sys import intern
from typing import Annotated, Generic, NamedTuple, Protocol, Self, TypeVar

from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.showings import MOST_SHOWN
from slatewright.events.records import Impression, Interaction


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """How much live memory may grow; about half a kilobyte per event."""

    max_events: Annotated[int, Knob("fresh events held over all users; least active users go first", least=1)] = 500_000
    max_events_per_user: Annotated[int, Knob("fresh events held of one user; the oldest go first", least=1)] = 500

    def __post_init__(self) -> None:
        check_knobs(self)


class Fresh(Protocol):
    """Something that happened to a user."""

    @property
    def event_id(self) -> str: ...
    @property
    def user_id(self) -> str: ...
    @property
    def time(self) -> int: ...


E = TypeVar("E", bound=Fresh)


class LiveEvents(Generic[E]):
    """The fresh events of every user. Any thread may apply and read.

    An event is known by its ``event_id``, so applying it twice changes nothing.
    """

    def __init__(self, limits: LiveLimits | None = None) -> None:
        self._limits = limits or LiveLimits()
        self._lock = threading.Lock()
        self._users: OrderedDict[str, tuple[E, ...]] = OrderedDict()  # least recently active first
        self._events = 0

    def apply(self, events: Iterable[E]) -> None:
        """Take in events, in any order."""
        by_user: dict[str, list[E]] = {}
        for event in events:
            by_user.setdefault(event.user_id, []).append(event)
        with self._lock:
            for user_id, fresh in by_user.items():
                self._store(user_id, _merged(self._users.get(user_id, ()), fresh))
            self._let_go()

    def read(self, user_id: str) -> tuple[E, ...]:
        """The fresh events of one user, oldest first; events of the same instant by event_id."""
        with self._lock:
            return self._users.get(user_id, ())

    def forget(self, before: int) -> None:
        """Drop events older than an instant: a newer bundle has learned them."""
        with self._lock:
            for user_id, events in list(self._users.items()):
                if events[0].time < before:
                    self._store(user_id, tuple(event for event in events if event.time >= before), touch=False)

    def __len__(self) -> int:
        """Events held; of slates the items."""
        return self._events

    @property
    def users(self) -> int:
        """Users with at least one fresh event."""
        return len(self._users)

    def _size(self, events: tuple[E, ...]) -> int:
        return len(events)

    def _newest(self, events: tuple[E, ...]) -> tuple[E, ...]:
        return events[-self._limits.max_events_per_user :]

    def _store(self, user_id: str, events: tuple[E, ...], *, touch: bool = True) -> None:
        events = self._newest(events)
        self._events += self._size(events) - self._size(self._users.get(user_id, ()))
        if not events:
            self._users.pop(user_id, None)
            return
        self._users[user_id] = events
        if touch:
            self._users.move_to_end(user_id)

    def _let_go(self) -> None:
        while self._events > self._limits.max_events and len(self._users) > 1:
            _, events = self._users.popitem(last=False)
            self._events -= self._size(events)


class LiveHistories(LiveEvents[Interaction]):
    """What every user did of late."""


class Sight(NamedTuple):
    """A slate that a user was shown."""

    event_id: str
    user_id: str
    time: int
    item_ids: tuple[str, ...]

    @classmethod
    def of(cls, event_id: str, user_id: str, time: int, item_ids: Iterable[str]) -> Self:
        """As it is held: an item that stands in many slates has its name once in memory."""
        return cls(event_id, user_id, time, tuple(map(intern, item_ids))[:MOST_SHOWN])


def sights(impressions: Iterable[Impression]) -> Iterator[Sight]:
    """The slates of users who have a name."""
    for one in impressions:
        if one.user_id is not None:
            yield Sight.of(one.event_id, one.user_id, one.time, one.item_ids)


class LiveShown(LiveEvents[Sight]):
    """What every user was shown of late; limits count items, each about 40 bytes."""

    def _size(self, events: tuple[Sight, ...]) -> int:
        return sum(len(one.item_ids) for one in events)

    def _newest(self, events: tuple[Sight, ...]) -> tuple[Sight, ...]:
        size, first = 0, len(events)
        while first > 0 and size < self._limits.max_events_per_user:
            first -= 1
            size += len(events[first].item_ids)
        return events[first:]


def _merged(held: tuple[E, ...], fresh: list[E]) -> tuple[E, ...]:
    known = {event.event_id for event in held}
    added = []
    for event in fresh:
        if event.event_id not in known:
            known.add(event.event_id)
            added.append(event)
    if not added:
        return held
    return tuple(sorted((*held, *added), key=lambda event: (event.time, event.event_id)))
