"""Live histories: what each user did since the live bundle learned, kept in memory and bounded.

The trainer replays the log, the server applies each event as it arrives; ``tests/features/test_joining.py`` holds
both to the same history. Nothing is lost when a user is let go here: the log has it, and the next bundle learns it.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from slatewright.core.knobs import Knob, check_knobs
from slatewright.events.records import Interaction


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """How much live memory may grow; about half a kilobyte per event."""

    max_events: Annotated[int, Knob("fresh events held over all users; least active users go first", least=1)] = 500_000
    max_events_per_user: Annotated[int, Knob("fresh events held of one user; the oldest go first", least=1)] = 500

    def __post_init__(self) -> None:
        check_knobs(self)


class LiveHistories:
    """The fresh events of every user. Any thread may apply and read.

    An event is known by its ``event_id``, so applying it twice changes nothing.
    """

    def __init__(self, limits: LiveLimits | None = None) -> None:
        self._limits = limits or LiveLimits()
        self._lock = threading.Lock()
        self._users: OrderedDict[str, tuple[Interaction, ...]] = OrderedDict()  # least recently active first
        self._events = 0

    def apply(self, events: Iterable[Interaction]) -> None:
        """Take in events, in any order."""
        by_user: dict[str, list[Interaction]] = {}
        for event in events:
            by_user.setdefault(event.user_id, []).append(event)
        with self._lock:
            for user_id, fresh in by_user.items():
                self._store(user_id, _merged(self._users.get(user_id, ()), fresh))
            self._let_go()

    def read(self, user_id: str) -> tuple[Interaction, ...]:
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
        """Events held."""
        return self._events

    @property
    def users(self) -> int:
        """Users with at least one fresh event."""
        return len(self._users)

    def _store(self, user_id: str, events: tuple[Interaction, ...], *, touch: bool = True) -> None:
        events = events[-self._limits.max_events_per_user :]
        self._events += len(events) - len(self._users.get(user_id, ()))
        if not events:
            self._users.pop(user_id, None)
            return
        self._users[user_id] = events
        if touch:
            self._users.move_to_end(user_id)

    def _let_go(self) -> None:
        while self._events > self._limits.max_events and len(self._users) > 1:
            _, events = self._users.popitem(last=False)
            self._events -= len(events)


def _merged(held: tuple[Interaction, ...], fresh: list[Interaction]) -> tuple[Interaction, ...]:
    known = {event.event_id for event in held}
    added = []
    for event in fresh:
        if event.event_id not in known:
            known.add(event.event_id)
            added.append(event)
    if not added:
        return held
    return tuple(sorted((*held, *added), key=lambda event: (event.time, event.event_id)))
