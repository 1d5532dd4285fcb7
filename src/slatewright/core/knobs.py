"""Knobs: type, default, range and help of a setting, declared once beside the field.

A knob is a dataclass field annotated as ``Annotated[float, Knob("what it does", above=0.0)]``. The check at the
door, the CLI help, the docs table, the settings file and the search space all derive from that one line.
"""

import math
import operator
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Protocol, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from slatewright.core.errors import BadKnob


class Knobs(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


T = TypeVar("T", bound=Knobs)
PLAIN = {int: "whole numbers", float: "numbers", str: "text", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Knob:
    """What a field means and which values it may take.

    ``above``/``below`` exclude their bound, ``least``/``most`` include it. ``search`` is the range a tuner
    explores when it is told nothing else. ``names_estimators``: the value is the name of an estimator of the recipe, or
    the names of several; ``learns`` are the shapes of model of which these must learn one, none: any will do.
    """

    doc: str
    above: float | None = None
    least: float | None = None
    below: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    search: tuple[float, float] | None = None
    names_estimators: bool = False
    learns: tuple[type, ...] = ()

    def complaint(self, value: object) -> str | None:
        """What ``value`` must be, or None when it is fine."""
        if self.choices and value not in self.choices:
            return "one of " + ", ".join(map(repr, self.choices))
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        if not math.isfinite(value):
            return "finite"
        bounds = (
            (self.above, ">", operator.gt),
            (self.least, ">=", operator.ge),
            (self.below, "<", operator.lt),
            (self.most, "<=", operator.le),
        )
        for bound, sign, holds in bounds:
            if bound is not None and not holds(value, bound):
                return f"{sign} {bound:g}"
        return None


@dataclass(frozen=True, slots=True)
class KnobField:
    """One knob as read from a dataclass: its name, plain type, default and declaration."""

    name: str
    type: Any
    default: object
    knob: Knob


@cache
def knobs_of(owner: type) -> tuple[KnobField, ...]:
    """The knobs of a dataclass, in order of declaration. Fields without a ``Knob`` are not knobs."""
    return tuple(_read(owner))


def _read(owner: type) -> Iterator[KnobField]:
    hints = get_type_hints(owner, include_extras=True)
    for field in fields(cast(Any, owner)):
        plain, *notes = get_args(hints[field.name]) if hasattr(hints[field.name], "__metadata__") else (None,)
        knob = next((note for note in notes if isinstance(note, Knob)), None)
        if knob is not None:
            default = field.default if field.default is not MISSING else None
            yield KnobField(field.name, plain, default, knob)


def check_knobs(owner: Knobs) -> None:
    """Fail at the door: called from ``__post_init__`` of every dataclass of knobs.

    A number of NumPy's becomes Python's own, which a card and a settings file can hold.

    Raises:
        BadKnob: naming the class, the field, what it must be and what it got.
    """
    for field in knobs_of(type(owner)):
        given = getattr(owner, field.name)
        value = _own(given)
        problem = _misfit(field, value)
        if problem is not None:
            raise BadKnob(f"{type(owner).__name__}.{field.name} {problem}")
        if value is not given:
            object.__setattr__(owner, field.name, value)  # the one moment at which a frozen dataclass may change


def _own(value: Any) -> Any:
    """A scalar of NumPy's, alone or in a tuple, as Python's own; anything else as it is."""
    if type(value) is tuple:
        own = tuple(map(_own, value))
        return own if any(one is not before for one, before in zip(own, value, strict=True)) else value
    return value.item() if getattr(value, "ndim", None) == 0 else value


def misfits(owner: type, given: Mapping[str, object]) -> dict[str, str]:
    """By knob what is wrong with the values that were given, all at once: ``must be >= 1, got 0``."""
    told = {field.name: _misfit(field, given[field.name]) for field in knobs_of(owner) if field.name in given}
    return {name: problem for name, problem in told.items() if problem is not None}


def _misfit(field: KnobField, value: object) -> str | None:
    wanted = field.knob.complaint(value) if _fits(value, field.type) else _spoken(field.type)
    return None if wanted is None else f"must be {wanted}, got {value!r}"


def _fits(value: object, kind: Any) -> bool:
    if get_origin(kind) in (Union, UnionType):
        return any(_fits(value, part) for part in get_args(kind))
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    origin = get_origin(kind) or kind
    return (not isinstance(origin, type) or isinstance(value, origin)) and _members_fit(value, kind)


def _members_fit(value: object, kind: Any) -> bool:
    """Whether what a tuple or a mapping holds is of its type, where that is a plain one."""
    first, second = (*get_args(kind), None, None)[:2]
    if isinstance(value, tuple) and second is Ellipsis:
        return first not in PLAIN or all(_fits(one, first) for one in value)
    if isinstance(value, Mapping) and first in PLAIN and second in PLAIN:
        return all(_fits(key, first) and _fits(_own(one), second) for key, one in value.items())
    return True


def _spoken(kind: Any) -> str:
    if get_origin(kind) in (Union, UnionType):
        return " or ".join("none" if part is NoneType else _spoken(part) for part in get_args(kind))
    parts = " to ".join(PLAIN[part] for part in get_args(kind) if part in PLAIN)
    if parts and get_origin(kind) in (tuple, Mapping):
        return f"a {'tuple' if get_origin(kind) is tuple else 'mapping'} of {parts}"
    return {int: "a whole number", float: "a number", str: "text", bool: "true or false", tuple: "a tuple"}.get(
        get_origin(kind) or kind, getattr(kind, "__name__", str(kind))
    )


def from_mapping(owner: type[T], given: Mapping[str, object], *, where: str) -> T:
    """Build a dataclass of knobs from a section of a settings file.

    Lists become tuples. ``where`` names the section in messages: ``slatewright.toml [serve]``.

    Raises:
        BadKnob: an unknown key or a value out of range.
    """
    known = [field.name for field in fields(cast(Any, owner))]
    for key in given:
        if key not in known:
            raise BadKnob(f"{where}: there is no setting {key!r}; it has {', '.join(known)}")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    try:
        return owner(**values)
    except BadKnob as error:
        raise BadKnob(f"{where}: {error}") from error
