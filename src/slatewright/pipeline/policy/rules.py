"""What a rule may say: include, exclude, boost, bury, pin."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.policy.parsing import parse
from slatewright.pipeline.policy.wording import BadExpression

WHERE = Knob("which items the rule is about, an expression")
WHEN = Knob("for which requests it holds, an expression about user, request and now; empty: for all")
NAME = Knob("what people call the rule; empty: its expression")


class BadRule(BadInput):
    """A rule cannot be used; the message names it and points at the place."""


@dataclass(frozen=True)
class _Rule:
    where: Annotated[str, WHERE]
    when: Annotated[str, WHEN] = ""
    name: Annotated[str, NAME] = ""

    def __post_init__(self) -> None:
        check_knobs(self)
        for field in ("where", "when"):
            text = getattr(self, field)
            if text or field == "where":
                try:
                    parse(text)
                except BadExpression as error:
                    raise self.wrong(field, error) from error

    @property
    def title(self) -> str:
        """What to call it before people."""
        return self.name or f"{type(self).__name__.lower()} {' '.join(self.where.split())[:60]}"

    def wrong(self, field: str, problem: object) -> BadRule:
        """The error of one of its expressions."""
        named = f"rule {self.name!r}, " if self.name else ""
        return BadRule(f"{named}{type(self).__name__}.{field}: {problem}")


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
