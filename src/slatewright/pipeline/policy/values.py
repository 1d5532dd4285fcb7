"""What the parts of an expression are worth: typed, and read either once per request or for many items at a time."""

from collections.abc import Callable, Hashable
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

    What was gathered for these items is kept, since many rules ask for the same facts. One that is ``within`` another
    is about those of its items that stand at ``places``.
    """

    facts: ItemFacts
    query: Query | None
    items: Index | None
    within: "Moment | None" = None
    places: Array | None = None
    told: dict[str, Any] = field(default_factory=dict)  # of the request
    gathered: dict[tuple[str, ...], Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.items is not None and self.places is None:
            self.places = np.asarray(self.items, dtype=np.intp)  # what NumPy would make of them again and again

    def column(self, name: str) -> Array:
        """One fact of these items."""
        return self._gathered(("", name), lambda: self.facts.column(name), lambda outer: outer.column(name))

    def having(self, name: str, texts: tuple[str, ...]) -> Array:
        """Of which of these items a fact has any of some texts, bool (n,)."""

        def of_all() -> Array:
            return self.facts.lists(name).having([self.facts.words.find(text) for text in texts])

        return self._gathered((name, *texts), of_all, lambda outer: outer.having(name, texts))

    def some(self, of_all: Array) -> Array:
        """These items' part of an array over the catalogue."""
        return of_all if self.items is None else of_all.take(self.items)

    def once(self, name: str, read: Callable[[Query], Any]) -> Any:
        """Something of the request that is read at most once."""
        if name not in self.told:
            self.told[name] = read(self.asked)
        return self.told[name]

    def narrowed(self, places: Array) -> "Moment":
        """The same request over some of the items, those at places."""
        if self.items is None:
            return Moment(self.facts, self.query, places.astype(np.int32), told=self.told)
        return Moment(self.facts, self.query, self.items[places], self, places, self.told)

    def _gathered(self, key: tuple[str, ...], of_all: Callable[[], Array], of: Callable[["Moment"], Array]) -> Array:
        if self.places is None:
            return of_all()
        if key not in self.gathered:
            self.gathered[key] = (of_all() if self.within is None else of(self.within)).take(self.places)
        return self.gathered[key]

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
    ``form`` says how it is made, where many values are read faster together than one by one; two values with the same
    ``key`` are the same.
    """

    type: Type
    read: Callable[[Moment], Any]
    of_item: bool = False
    of_request: bool = False
    fact: str | None = None
    absent: Callable[[Moment], Any] | None = None
    form: "Form | None" = None
    key: Hashable = None


@dataclass(frozen=True, eq=False, slots=True)
class Compared:
    """Two numbers with a sign between them, == < <= > or >=; a yes or no is 0 or 1, a text its number."""

    left: Value
    sign: str
    right: Value


@dataclass(frozen=True, eq=False, slots=True)
class Reckoned:
    """A number, and one after another what is done to it with others: + - * / min max."""

    first: Value
    steps: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Joined:
    """All of some yes or noes, or with ``either`` any of them."""

    parts: tuple[Value, ...]
    either: bool


@dataclass(frozen=True, eq=False, slots=True)
class Opposite:
    """The opposite of a yes or no."""

    part: Value


Form: TypeAlias = Compared | Reckoned | Joined | Opposite


def constant(kind: Type, value: Any) -> Value:
    """A value that never changes."""
    return Value(kind, lambda moment: value)


def combined(kind: Type, read: Callable[[Moment], Any], *parts: Value, form: Form | None = None) -> Value:
    """A value made of others."""
    of_item, of_request = any(part.of_item for part in parts), any(part.of_request for part in parts)
    return Value(kind, read, of_item, of_request, form=form)


def opposite(value: Value) -> Value:
    """No where it is yes."""
    return combined("truth", lambda moment: np.logical_not(value.read(moment)), value, form=Opposite(value))


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
    """The same value, read from an array where it is a yes or no about items alone.

    Without a request it is worked out anew: another array is being made, and this one may not know of new facts yet.
    """
    if value.type != "truth" or not value.of_item or value.of_request:
        return value
    found = Kept(facts, value)

    def read(moment: Moment) -> Any:
        return value.read(moment) if moment.query is None else moment.some(found.mask)

    return Value("truth", read, of_item=True, key=value.key)
