"""What an expression says, as a tree; every part knows its place in the text."""

from dataclasses import dataclass, fields
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Part:
    """Any part: characters ``start`` to ``end`` of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Constant(Part):
    """A number, a text, true or false."""

    value: float | str | bool


@dataclass(frozen=True, slots=True)
class Several(Part):
    """A list of constants in brackets."""

    values: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Named(Part):
    """A fact: of the item, the user or the request; ``owner`` is "" for a bare name."""

    owner: str
    name: str


@dataclass(frozen=True, slots=True)
class Call(Part):
    """A function of other parts."""

    name: str
    given: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not(Part):
    """The opposite."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Both(Part):
    """All parts, or with ``either`` any of them."""

    parts: tuple["Node", ...]
    either: bool


@dataclass(frozen=True, slots=True)
class Compared(Part):
    """``left sign right``, where the sign is one of == != < <= > >= in."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Sum(Part):
    """``first``, and one after another what ``steps`` do to it: + - * / and another part."""

    first: "Node"
    steps: tuple[tuple[str, "Node"], ...]


Node: TypeAlias = Constant | Several | Named | Call | Not | Both | Compared | Sum


def said(part: Any) -> Any:
    """What a part says wherever it stands: equal for equal parts, and a key of dicts."""
    if isinstance(part, tuple):
        return tuple(said(one) for one in part)
    if not isinstance(part, Part):
        return type(part).__name__, part
    if isinstance(part, Named) and part.owner == "" and part.name != "now":
        return said(Named(part.start, part.end, "item", part.name))
    own = (field.name for field in fields(part) if field.name not in ("start", "end"))
    return type(part).__name__, *(said(getattr(part, name)) for name in own)
