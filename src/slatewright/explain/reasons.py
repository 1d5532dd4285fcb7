"""What a score is made of, one answer at a time or over many; numbers first, words and pictures are made of these."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypeAlias

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.catalogue import Catalogue

# How parts were found: terms of the model's own sum; a score that the model divides by a rule of its own; Shapley
# values of trees; a linear surrogate; how much the score moves when a column is shuffled.
How: TypeAlias = Literal["exact", "shared", "shap", "lime", "permutation"]


@dataclass(frozen=True, slots=True)
class Part:
    """What one thing adds to a score. ``value`` is what the thing was: a feature's value, the weight of events."""

    name: str
    title: str
    value: float | None
    contribution: float


@dataclass(frozen=True)
class Reasons:
    """Why a model gives one thing its score: ``base`` and the contributions of ``parts``, the largest first.

    ``subject`` says of whom and what. ``fit`` is the R² of a surrogate on the answers it was fitted to, None for
    others; ``notes`` say what a reader must know to take the numbers as they are meant.
    """

    subject: str
    model: str
    how: How
    score: float
    base: float
    parts: tuple[Part, ...]
    fit: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """What the score has beyond base and parts: nothing but rounding, except for a surrogate."""
        return self.score - self.base - sum(part.contribution for part in self.parts)

    def part(self, name: str) -> Part:
        """A part by its name; KeyError where there is none."""
        return {part.name: part for part in self.parts}[name]

    def titled(self, catalogue: Catalogue) -> "Reasons":
        """The same with the titles of items."""
        return replace(self, parts=tuple(replace(one, title=_title(one.name, catalogue)) for one in self.parts))

    def frame(self) -> Frame:
        """The parts as a table: ``name, title, value, contribution``."""
        return _frame(self.parts, {"name": pl.String, "title": pl.String, "value": pl.Float64}, "contribution")

    def as_dict(self) -> dict[str, Any]:
        """Everything, in plain values for JSON."""
        return asdict(self) | {"gap": self.gap}


@dataclass(frozen=True, slots=True)
class Weight:
    """How much one thing counts over many answers: the mean size of what it adds, and its share of all of that."""

    name: str
    title: str
    importance: float
    share: float


@dataclass(frozen=True)
class Importance:
    """What counts over many answers: for each kind of thing in ``of`` (feature, item, kind, age) the largest first.

    ``answers`` is over how many scores the mean was taken.
    """

    model: str
    how: How
    answers: int
    of: Mapping[str, tuple[Weight, ...]]
    notes: tuple[str, ...] = ()

    def told(self) -> list[tuple[str, tuple[Weight, ...]]]:
        """Each kind of thing of which anything counts at all."""
        return [(of, weights) for of, weights in self.of.items() if any(one.importance for one in weights)]

    def top(self, of: str | None = None) -> Weight:
        """What counts most, of one kind of thing; by default of the first."""
        return self.of[next(iter(self.of)) if of is None else of][0]

    def titled(self, catalogue: Catalogue) -> "Importance":
        """The same with the titles of items."""
        if "item" not in self.of:
            return self
        named = tuple(replace(one, title=_title(one.name, catalogue)) for one in self.of["item"])
        return replace(self, of={**self.of, "item": named})

    def frame(self, of: str | None = None) -> Frame:
        """One kind of thing as a table: ``name, title, importance, share``; by default the first."""
        chosen = self.of[next(iter(self.of)) if of is None else of]
        return _frame(chosen, {"name": pl.String, "title": pl.String, "importance": pl.Float64}, "share")

    def as_dict(self) -> dict[str, Any]:
        """Everything, in plain values for JSON."""
        return asdict(self)


def largest_first(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Parts by the size of what they add, for or against; of equals, by name."""
    return tuple(sorted(parts, key=lambda part: (-abs(part.contribution), part.name)))


def weights_of(amounts: Mapping[str, float]) -> tuple[Weight, ...]:
    """Mean sizes by name as weights, the largest first; of equals, by name."""
    total = sum(amounts.values()) or 1.0
    ranked = sorted(amounts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Weight(name, name, float(amount), float(amount) / total) for name, amount in ranked)


def _title(name: str, catalogue: Catalogue) -> str:
    index = catalogue.items.find(name)
    return name if index is None else catalogue.title(index)


def _frame(rows: Iterable[Part | Weight], schema: dict[str, type[pl.DataType]], last: str) -> Frame:
    return pl.DataFrame([asdict(row) for row in rows], schema={**schema, last: pl.Float64})
