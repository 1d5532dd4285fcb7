"""Records of what happened, for the edges: one HTTP request, one test. Bulk work uses frames (see schema.py)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from slatewright.core.errors import BadInput
from slatewright.events.schema import FIRST_TIME, LAST_TIME

Fact: TypeAlias = str | int | float | bool | tuple[str, ...] | None
Facts: TypeAlias = Mapping[str, Fact]

_LARGEST = 3.4e38  # the log keeps float32


@dataclass(frozen=True, slots=True)
class Interaction:
    """A user acted on an item. ``time`` is µs UTC; ``slate_id`` names the slate that caused it.

    Raises:
        BadInput: an empty id, a value that is not finite, a time that is no int64.
    """

    event_id: str
    user_id: str
    item_id: str
    kind: str
    time: int
    value: float = 1.0
    slate_id: str | None = None
    session_id: str | None = None
    price: float | None = None
    quantity: float | None = None

    def __post_init__(self) -> None:
        _check_names(self, "event_id", "user_id", "item_id", "kind")
        _check_time(self, self.time)
        for name in ("value", "price", "quantity"):
            _check_number(self, name, optional=name != "value")


@dataclass(frozen=True, slots=True)
class Impression:
    """A slate was shown: ``item_ids`` in display order, and where.

    ``user_id`` is None for a visitor without a name. ``sources`` names who proposed each item, ``propensities`` is the
    chance of each item at its position when the order was random; both are empty or as long as ``item_ids``.

    Raises:
        BadInput: an empty id, lists of different lengths, a time that is no int64.
    """

    event_id: str
    slate_id: str
    user_id: str | None
    item_ids: tuple[str, ...]
    time: int
    surface: str = ""
    slot: str = ""
    variant: str = ""
    sources: tuple[str, ...] = ()
    propensities: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        _check_names(self, "event_id", "slate_id")
        _check_time(self, self.time)
        for name in ("sources", "propensities"):
            length = len(getattr(self, name))
            if length not in (0, len(self.item_ids)):
                raise BadInput(
                    f"Impression.{name} must be empty or as long as item_ids ({len(self.item_ids)}), got {length}"
                )


@dataclass(frozen=True, slots=True)
class ItemUpdate:
    """Facts of an item, as they were learned at ``time`` (µs UTC); later updates win, fact by fact."""

    event_id: str
    item_id: str
    time: int
    facts: Facts = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        _check_names(self, "event_id", "item_id")
        _check_time(self, self.time)


@dataclass(frozen=True, slots=True)
class UserUpdate:
    """Facts of a user, as they were learned at ``time`` (µs UTC); later updates win, fact by fact."""

    event_id: str
    user_id: str
    time: int
    facts: Facts = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        _check_names(self, "event_id", "user_id")
        _check_time(self, self.time)


def _check_names(record: object, *names: str) -> None:
    for name in names:
        value = getattr(record, name)
        if not isinstance(value, str) or not value:
            raise BadInput(f"{type(record).__name__}.{name} must be text that is not empty, got {value!r}")
        if not _is_unicode(value):
            raise BadInput(f"{type(record).__name__}.{name} must be valid Unicode, got {value!r}")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, as careless JSON has it
        return False
    return True


def _check_time(record: object, time: object) -> None:
    if not isinstance(time, int) or isinstance(time, bool) or not FIRST_TIME <= time <= LAST_TIME:
        raise BadInput(
            f"{type(record).__name__}.time must be whole microseconds UTC within the years 1 to 9999, got {time!r}"
        )


def _check_number(record: object, name: str, *, optional: bool) -> None:
    value = getattr(record, name)
    if value is None and optional:
        return
    if not isinstance(value, int | float) or isinstance(value, bool) or not -_LARGEST <= value <= _LARGEST:
        raise BadInput(f"{type(record).__name__}.{name} must be a number of at most {_LARGEST:g}, got {value!r}")
