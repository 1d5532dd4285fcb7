"""Facts as columns of arrays: what type each is, texts as numbers, lists of texts end to end."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
import polars as pl

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.core.clock import instant
from slatewright.core.errors import BadInput

Type: TypeAlias = Literal["number", "truth", "text", "texts", "time"]
NOBODYS = int(np.iinfo(np.int32).max)  # the number of a text that no item has


class Words:
    """A number for every text, from 1 on; 0 is no text at all."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.names: list[str] = [""]

    def __len__(self) -> int:
        return len(self.names)

    def find(self, text: str | None) -> int:
        """The number of a text, or that of no item's."""
        return NOBODYS if text is None else self._numbers.get(text, NOBODYS)

    def number(self, text: str) -> int:
        """The number of a text, a new one where it is new."""
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self.names)
            self.names.append(text)
        return found


@dataclass(frozen=True, eq=False)
class Lists:
    """Several texts for each item: ``codes[offsets[i]:offsets[i + 1]]`` belong to item ``i``, numbers in ``Words``."""

    offsets: Offsets
    codes: Index
    _shelves: dict[str, Any] = field(default_factory=dict)

    def having(self, wanted: Iterable[int]) -> Mask:
        """Which items have any of the texts, bool (n_items,)."""
        if not self._shelves:
            order = np.argsort(self.codes, kind="stable")
            owner = np.repeat(np.arange(len(self.offsets) - 1, dtype=np.int32), np.diff(self.offsets))
            ends = np.cumsum(np.bincount(self.codes, minlength=1)).tolist()
            self._shelves.update(owner=owner[order], ends=[0, *ends])
        mask, ends = np.zeros(len(self.offsets) - 1, dtype=np.bool_), self._shelves["ends"]
        for code in wanted:
            if code < len(ends) - 1:
                mask[self._shelves["owner"][ends[code] : ends[code + 1]]] = True
        return mask


def lists_of(rows: Sequence[Sequence[int] | Index]) -> Lists:
    """Lists from the numbers of each item's texts."""
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    flat = [np.asarray(row, dtype=np.int32) for row in rows]
    return Lists(offsets, np.concatenate([*flat, np.empty(0, dtype=np.int32)]))


def types_of(schema: Mapping[str, pl.DataType], *, several: str | None = None) -> dict[str, Type]:
    """The type of each fact as expressions know it; facts of other kinds are left out. ``several`` names a fact whose
    text is a list."""
    found: dict[str, Type] = {}
    for name, kind in schema.items():
        if name == several or isinstance(kind, pl.List):
            found[name] = "texts"
        elif kind == pl.Boolean:
            found[name] = "truth"
        elif kind.is_numeric():
            found[name] = "number"
        elif isinstance(kind, pl.String | pl.Categorical | pl.Enum):
            found[name] = "text"
        elif isinstance(kind, pl.Date | pl.Datetime):
            found[name] = "time"
    return found


def texts_in(value: object) -> tuple[str, ...]:
    """The texts of a list, or of one text that separates them by | or ;."""
    if value is None:
        return ()
    given = value.replace(";", "|").split("|") if isinstance(value, str) else value
    return tuple(text for one in given if one is not None and (text := str(one).strip()))  # type: ignore[attr-defined]


def type_of_value(value: object) -> Type | None:
    """The type of one value as JSON has it; None where a fact can have no such value."""
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float):
        return "number" if abs(value) < 1e300 else None
    if isinstance(value, str):
        return "text"
    return "texts" if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value) else None


def check_fact(name: str, value: object, known: Type | None) -> None:
    """Let pass a value that goes with its fact; one that nobody knows yet may be of any type.

    Raises:
        BadInput: it does not.
    """
    found = type_of_value(value)
    fits = found is not None and (known in (None, found) or (known, found) == ("texts", "text"))
    if known == "time" and found == "text":
        instant(str(value))
        fits = True
    if not fits:
        words = {"truth": "true or false", "texts": "a list of texts", "time": "a time, ISO-8601", "number": "a number"}
        must = words.get(str(known), "a text") if known else "a number, a text, a list of texts, true or false"
        raise BadInput(f"the fact {name!r} must be {must}, got {ascii(value)[:60]}")


def unheard_fact(name: str, alike: str | None, of: str = "items") -> str:
    """What to say of a fact that nobody knows of any item, or of any user."""
    hint = "." if alike is None else f"; did you mean {alike}?"
    return f"of {of} no fact {name!a} is known{hint} What is told of it waits for the next training."


def nearest(names: Iterable[str], known: Iterable[str], most: int | None = None) -> dict[str, str | None]:
    """Of the first ``most`` names, sorted, the known name that each is most like; None: like none."""
    among = sorted(known)
    return {name: next(iter(difflib.get_close_matches(name, among, n=1)), None) for name in sorted(names)[:most]}
