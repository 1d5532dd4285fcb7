"""What the parts of an expression are worth: typed, and read either once per request or for many items at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from slatewright.core.arrays import Array, Index, Mask
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.item_facts import ItemFacts

Type: TypeAlias = Literal["number", "truth", "text", "texts", "time", "numbers"]
SPOKEN: dict[Type, str] = {
    "number": "a number", "truth": "a yes or no", "text": "a text", "texts": "several texts", "time": "a time",
    "numbers": "several numbers",
}  # fmt: skip


@dataclass(slots=True)
class Moment:
    """One request over some items, int32 (n,); None: over all of the catalogue, in order.

    What was gathered for these items is kept, since many rules ask for the same facts.
    """

    facts: ItemFacts
    query: Query | None
    items: Index | None
    gathered: dict[str, Array] = field(default_factory=dict)

    def column(self, name: str) -> Array:
        """One fact of these items."""
        if self.items is None:
            column: Array = self.facts.column(name)
            return column
        if name not in self.gathered:
            self.gathered[name] = self.facts.column(name).take(self.items)
        return self.gathered[name]

    def some(self, of_all: Array) -> Array:
        """These items' part of an array over the catalogue."""
        return of_all if self.items is None else of_all.take(self.items)

    @property
    def asked(self) -> Query:
        """The request."""
        if self.query is None:
            raise LookupError("an expression that asks for the request was read without one")
        return self.query


@dataclass(frozen=True, eq=False, slots=True)
class Value:
    """A part with its type. ``of_item`` and ``of_request`` say what it depends on; neither: it is a constant.

    ``read`` gives an array (n,) where it depends on the item: float64 (NaN: not known; times as µs), bool, int32
    numbers of words (0: not known). Otherwise one ``np.float64``, bool, text or None, or tuple of texts. ``fact`` names
    the fact of the item that it is, where it is nothing else; ``absent`` reads where such a fact is not known.
    """

    type: Type
    read: Callable[[Moment], Any]
    of_item: bool = False
    of_request: bool = False
    fact: str | None = None
    absent: Callable[[Moment], Any] | None = None


def constant(kind: Type, value: Any) -> Value:
    """A value that never changes."""
    return Value(kind, lambda moment: value)


def combined(kind: Type, read: Callable[[Moment], Any], *parts: Value) -> Value:
    """A value made of others; made at once where they are all constants."""
    of_item, of_request = any(part.of_item for part in parts), any(part.of_request for part in parts)
    return Value(kind, read, of_item, of_request)


class Kept:
    """A yes or no about items alone, worked out for the whole catalogue once, and anew for items whose facts change."""

    def __init__(self, facts: ItemFacts, value: Value) -> None:
        self._facts, self._value = facts, value
        facts.listen(self)
        self.mask: Mask = self._read(None)

    def refresh(self, items: Index) -> None:
        """Work out some items again."""
        self.mask[items] = self._read(items)

    def _read(self, items: Index | None) -> Mask:
        moment = Moment(self._facts, None, items)
        n = len(self._facts) if items is None else len(items)
        with np.errstate(all="ignore"):
            return np.array(np.broadcast_to(self._value.read(moment), (n,)), dtype=np.bool_)


def kept(facts: ItemFacts, value: Value) -> Value:
    """The same value, read from an array where it is a yes or no about items alone."""
    if value.type != "truth" or not value.of_item or value.of_request:
        return value
    found = Kept(facts, value)
    return Value("truth", lambda moment: moment.some(found.mask), True, False)
