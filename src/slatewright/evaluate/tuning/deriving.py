"""What to search, derived from the estimator's own fields."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import KnobField, knobs_of
from slatewright.evaluate.tuning.ranges import Choice, Range, Space, Span
from slatewright.models import Estimator

RNG = "rng"  # a seed that was searched for is no knob
Given: TypeAlias = Mapping[str, tuple[float, float] | Sequence[Any] | None]  # low and high; values; None: its own range


def space_of(estimator: Estimator, given: Given | None = None) -> Space:
    """The space that a search of this estimator explores.

    Without ``given``: every knob that has a range of its own (the one it declares for searches, else all from its least
    to its most value), a few choices, or is true or false. A tuple of two numbers in ``given`` is a range, a list are
    values, None the knob's own range; knobs that ``given`` does not name stay as the estimator has them.

    Raises:
        BadKnob: there is no such knob, a value is out of its range, or there is nothing to choose.
    """
    known = {field.name: field for field in knobs_of(type(estimator)) if field.name != RNG}
    who = type(estimator).__name__
    if given is None:
        derived = {name: _own_range(field) for name, field in known.items()}
        space = Space({name: one for name, one in derived.items() if one is not None})
    else:
        space = Space({name: _range(who, known, name, value) for name, value in given.items()})
    _check(estimator, space)
    return space


def _own_range(field: KnobField) -> Range | None:
    knob, plain = field.knob, _plain(field.type)
    if knob.choices:
        return Choice(knob.choices)
    if plain == {bool}:
        return Choice((False, True))
    ends = knob.search or ((knob.least, knob.most) if knob.least is not None and knob.most is not None else None)
    if ends is None or not plain & {int, float}:
        return None
    return Span(float(ends[0]), float(ends[1]), whole=float not in plain, optional=type(None) in plain)


def _plain(kind: Any) -> set[Any]:
    """The types that a field may have."""
    return set(get_args(kind)) if get_origin(kind) in (Union, UnionType) else {kind}


def _range(who: str, known: Mapping[str, KnobField], name: str, value: Any) -> Range:
    if name not in known:
        raise BadKnob(f"{who} has no knob {name!r} to search; it has {', '.join(known)}")
    if value is None:
        own = _own_range(known[name])
        if own is None:
            raise BadKnob(f"{who}.{name} has no range of its own: give two ends, or a list of values")
        return own
    if isinstance(value, tuple):
        return _between(f"{who}.{name}", known[name], value)
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise BadKnob(f"{who}.{name}: a space must be a tuple of two numbers or a list of values, got {value!r}")
    values = tuple(value)
    if not values or len({repr(one) for one in values}) < len(values):
        raise BadKnob(f"{who}.{name}: the values to choose from must be different ones, at least one, got {value!r}")
    return Choice(values)


def _between(who: str, field: KnobField, ends: tuple[Any, ...]) -> Span:
    numbers = [one for one in ends if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(ends) != 2 or len(numbers) != 2 or not numbers[0] <= numbers[1]:
        raise BadKnob(f"{who}: a range must be (low, high) with low <= high, got {ends!r}; for values give a list")
    plain = _plain(field.type)
    if not plain & {int, float}:
        raise BadKnob(f"{who} is no number and cannot have a range: give a list of values")
    return Span(float(ends[0]), float(ends[1]), whole=float not in plain)


def _check(estimator: Estimator, space: Space) -> None:
    """Every end and every choice must be a value that the estimator takes."""
    for name, one in space.ranges.items():
        for value in one.values if isinstance(one, Choice) else (one.rounded(one.low), one.rounded(one.high)):
            replace(estimator, **{name: value})  # type: ignore[type-var]
    if space.size() <= 1:
        what = ", ".join(space.ranges) or "no knob that has a range of its own"
        raise BadKnob(
            f"{type(estimator).__name__}: there is nothing to choose, only one set of knobs is possible: {what}"
        )
