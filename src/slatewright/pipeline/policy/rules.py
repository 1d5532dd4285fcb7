"""What a rule may say: include, exclude, boost, bury, pin."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self, TypeAlias

from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.policy.parsing import parse
from slatewright.pipeline.policy.wording import BadExpression

WHERE = Knob("which items the rule is about, an expression")
WHEN = Knob("for which requests it holds, an expression about user, request and now; empty: for all")
NAME = Knob("what people call the rule; empty: its expression")


class BadRule(BadInput):
    """A rule cannot be used; the message names it and points at the place.

    ``each`` has every fault as an error of its own, where there are several; ``field`` names what is wrong in one.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
        self.each: tuple[BadRule, ...] = (self,)


def together(errors: Sequence[BadRule]) -> BadRule:
    """All faults of at least one error as one."""
    each = tuple(one for error in errors for one in error.each)
    if len(each) == 1:
        return each[0]
    found = BadRule(f"{len(each)} faults\n" + "\n".join(str(one) for one in each))
    found.each = each
    return found


@dataclass(frozen=True)
class Place:
    """Where a rule stands in a file: its number from 1, and by field the line of it, as far as that is known."""

    file: str
    number: int
    lines: Mapping[str, int]

    def of(self, field: str) -> str:
        """How to call a field of the rule, or with "" the rule, before people."""
        line = self.lines.get(field, self.lines.get(""))
        return f"{self.file}, rule {self.number}" + ("" if line is None else f" (line {line})")


@dataclass(frozen=True)
class _Rule:
    where: Annotated[str, WHERE]
    when: Annotated[str, WHEN] = ""
    name: Annotated[str, NAME] = ""
    _place: ClassVar[Place | None] = None  # of a rule that was read from a file

    def __post_init__(self) -> None:
        check_knobs(self)
        faults = [fault for field in ("where", "when") if (fault := self._fault(field)) is not None]
        if faults:
            raise together(faults)

    def _fault(self, field: str) -> BadRule | None:
        text = getattr(self, field)
        if text or field == "where":
            try:
                parse(text)
            except BadExpression as error:
                return self.wrong(field, error)
        return None

    @property
    def title(self) -> str:
        """What to call it before people."""
        return self.name or f"{type(self).__name__.lower()} {' '.join(self.where.split())[:60]}"

    def placed(self, place: Place) -> Self:
        """The same rule, which says of its faults where they stand."""
        made = copy(self)
        object.__setattr__(made, "_place", place)
        return made

    def wrong(self, field: str, problem: object) -> BadRule:
        """The error of one of its expressions."""
        named = f"rule {self.name!r}, " if self.name else ""
        place = f"{self._place.of(field)}: " if self._place else ""
        return BadRule(f"{place}{named}{type(self).__name__}.{field}: {problem}", field)


@dataclass(frozen=True)
class Include(_Rule):
    """Show nothing but items of which ``where`` is true; of several such rules all hold.

    Raises:
        BadRule: an expression is none.
    """


@dataclass(frozen=True)
class Exclude(_Rule):
    """Do not show items of which ``where`` is true.

    Raises:
        BadRule: an expression is none.
    """


@dataclass(frozen=True)
class Boost(_Rule):
    """Mark items higher of which ``where`` is true, by so many standard deviations of the candidates' marks.

    Raises:
        BadRule: an expression is none.
    """

    by: Annotated[
        float, Knob("standard deviations of the marks to add; below 0: to take away", least=-100, most=100)
    ] = 1.0


@dataclass(frozen=True)
class Bury(_Rule):
    """Put items behind all others of which ``where`` is true, in the order in which they stood.

    Raises:
        BadRule: an expression is none.
    """


@dataclass(frozen=True)
class Pin(_Rule):
    """Put the best item of which ``where`` is true at a position of the slate; it must pass every filter.

    Raises:
        BadRule: an expression is none.
    """

    position: Annotated[int, Knob("place in the slate, from 1", least=1, most=1000)] = 1


Rule: TypeAlias = Include | Exclude | Boost | Bury | Pin
KINDS: tuple[type[Rule], ...] = (Include, Exclude, Boost, Bury, Pin)
