"""What an expression may ask of the user and of the request."""

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

import numpy as np

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.fact_columns import texts_in, types_of
from slatewright.pipeline.policy.values import Moment, Type, Value

HOUR = MICROSECONDS_PER_DAY // 24
MONDAY = 3  # 1970-01-01 was a Thursday: days since then, plus 3, from Monday on

_Read = Callable[[Query], Any]
OF_REQUEST: Mapping[str, tuple[Type, _Read]] = {
    "surface": ("text", lambda query: query.surface or None),
    "slot": ("text", lambda query: query.slot or None),
    "k": ("number", lambda query: np.float64(query.k)),
    "hour": ("number", lambda query: np.float64(query.now % MICROSECONDS_PER_DAY // HOUR)),
    "weekday": ("number", lambda query: np.float64((query.now // MICROSECONDS_PER_DAY + MONDAY) % 7 + 1)),
}
OF_USER: Mapping[str, tuple[Type, _Read]] = {
    "id": ("text", lambda query: query.user_id),
    "is_newcomer": ("truth", lambda query: query.is_newcomer),
    "n_events": ("number", lambda query: np.float64(len(query.history.items))),
}


def now() -> Value:
    """The instant of the request."""
    return _asked("time", lambda query: np.float64(query.now))


def of_request(name: str) -> Value | None:
    """A fact of the request, None where it has no such fact."""
    return _asked(*OF_REQUEST[name]) if name in OF_REQUEST else None


def of_user(name: str, user_facts: Frame) -> Value | None:
    """A fact of the user, None where nothing of that name is known of users."""
    if name in OF_USER:
        return _asked(*OF_USER[name])
    kind = types_of(user_facts.schema).get(name)
    if kind is None:
        return None
    key = f"user.{name}"

    def read(moment: Moment) -> Any:
        return moment.once(key, lambda query: _typed(_told(query, name), kind))

    return Value(kind, read, of_request=True, absent=lambda moment: _told(moment.asked, name) is None)


def _asked(kind: Type, read: _Read) -> Value:
    return Value(
        kind, lambda moment: read(moment.asked), of_request=True, absent=lambda moment: read(moment.asked) is None
    )


def _told(query: Query, name: str) -> Any:
    """One fact of who asks as its table has it; None where it is not known."""
    facts = query.history.facts
    return None if facts is None or facts.height == 0 or name not in facts.columns else facts[name][0]


def _typed(value: Any, kind: Type) -> Any:
    """A fact as expressions read it: float64 (NaN: not known), bool, text or None, or a tuple of texts."""
    if kind == "truth":
        return bool(value)
    if kind == "text":
        return value
    if kind == "texts":
        return texts_in(value)
    if value is None:
        return np.float64("nan")
    return np.float64(value if kind == "number" else _micros(value))


def _micros(value: Any) -> float:
    """µs UTC of a date, or of a time with or without a zone."""
    if getattr(value, "tzinfo", None) is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return float(np.datetime64(value, "us").astype(np.int64))
