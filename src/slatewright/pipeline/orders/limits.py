"""What a slate must keep to, declared: at most, at least, exactly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Annotated, Protocol, TypeAlias

import numpy as np

from slatewright.core.arrays import Index
from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.orders.grouping import groups_of
from slatewright.pipeline.policy import Condition
from slatewright.pipeline.world import World

Codes: TypeAlias = Callable[[Query, Index], Index]  # items (n,) -> int32 (n, w): their values under a limit, -1: none
WHERE = Knob("which items count: a condition, as price < 20")
IN_ANY = Knob("in any so many places in a row; none: in the whole slate", least=1)


@dataclass(frozen=True)
class Limit:
    """A rule over a world: in any ``window`` places at most ``most`` of one value, at least ``least`` of any value.

    None is no bound, or the whole slate. ``barred`` keeps the first place free of them. ``eased`` says by how much the
    rule was eased: 0, not at all.
    """

    told: str
    codes: Codes
    window: int | None = None
    most: int | None = None
    least: int = 0
    barred: bool = False
    eased: int = 0

    def over(self, places: int) -> "Limit":
        """The same for a slate of so many places: it cannot be asked for more than it has."""
        window = min(self.window or places, places)
        room = window - 1 if self.barred and window == places else window
        most = places if self.most is None else self.most
        return replace(self, window=window, most=most, least=min(self.least, room))

    def easier(self, by: int) -> "Limit":
        """The same, eased by so many items; where the first place is barred, that goes first."""
        items = by - self.barred if by else 0
        return replace(
            self,
            barred=self.barred and by == 0,
            most=None if self.most is None else self.most + items,
            least=max(0, self.least - items),
            eased=self.eased + by,
        )


class LimitKnobs(Protocol):
    """Knobs of a rule."""

    def bind(self, world: World) -> Limit: ...


@dataclass(frozen=True)
class AtMost:
    """At most so many items of one value of a ``fact``, or of those ``where`` a condition holds."""

    most: Annotated[int, Knob("how many", least=0)]
    fact: Annotated[str | None, Knob("fact whose every value is counted apart, as brand; category: the shelves")] = None
    where: Annotated[str | None, WHERE] = None
    in_any: Annotated[int | None, IN_ANY] = None

    def __post_init__(self) -> None:
        check_knobs(self)
        if (self.fact is None) == (self.where is None):
            raise BadKnob(f"AtMost counts by a fact or where a condition holds: give one of them, got {told(self)}")

    def bind(self, world: World) -> Limit:
        """Look the fact up, or compile the condition.

        Raises:
            NotThere: there is no such fact.
            BadExpression: the condition is none.
        """
        codes = groups_of(world, self.fact, "AtMost") if self.fact is not None else _matches(world, self.where or "")
        return Limit(told(self), codes, window=self.in_any, most=self.most)


@dataclass(frozen=True)
class AtLeast:
    """At least so many items of those ``where`` a condition holds."""

    least: Annotated[int, Knob("how many", least=1)]
    where: Annotated[str, WHERE]
    in_any: Annotated[int | None, IN_ANY] = None

    def __post_init__(self) -> None:
        check_knobs(self)
        if self.in_any is not None and self.least > self.in_any:
            raise BadKnob(f"AtLeast.least must be <= in_any, got {told(self)}")

    def bind(self, world: World) -> Limit:
        """Compile the condition.

        Raises:
            BadExpression: it is none.
        """
        return Limit(told(self), _matches(world, self.where), window=self.in_any, least=self.least)


@dataclass(frozen=True)
class Exactly:
    """So many items of those ``where`` a condition holds, no more and no less."""

    number: Annotated[int, Knob("how many", least=0)]
    where: Annotated[str, WHERE]
    not_first: Annotated[bool, Knob("none of them stands at the first place")] = False

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Limit:
        """Compile the condition.

        Raises:
            BadExpression: it is none.
        """
        matches = _matches(world, self.where)
        return Limit(told(self), matches, most=self.number, least=self.number, barred=self.not_first)


def told(rule: AtMost | AtLeast | Exactly) -> str:
    """A rule as it is written in a recipe."""
    first, *others = fields(rule)
    given = [(one, getattr(rule, one.name)) for one in others]
    words = [f"{one.name}={value!r}" for one, value in given if value != one.default]
    return f"{type(rule).__name__}({', '.join([repr(getattr(rule, first.name)), *words])})"


def _matches(world: World, where: str) -> Codes:
    condition = Condition.of(where, world)

    def codes(query: Query, items: Index) -> Index:
        return np.where(condition.mask(query, items), 0, -1).astype(np.int32)[:, None]

    return codes


def stacked(limits: Sequence[Limit], query: Query, items: Index) -> Index:
    """The values of every item under every limit, int32 (limits, n, w)."""
    told = [limit.codes(query, items) for limit in limits]
    codes = np.full((len(told), len(items), max((one.shape[1] for one in told), default=1)), -1, dtype=np.int32)
    for at, one in enumerate(told):
        codes[at, :, : one.shape[1]] = one
    return codes
