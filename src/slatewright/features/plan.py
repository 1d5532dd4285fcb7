"""What a set of features needs, gathered without repeats: cells to count, columns of a history, facts of items."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from slatewright.core.arrays import Index, Weights
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import BadKnob
from slatewright.data.catalogue import Catalogue
from slatewright.data.netting import RETURN
from slatewright.features.contracts import Asking, Feature, Op
from slatewright.features.happenings import IMPRESSION
from slatewright.features.keys import Key, key_of
from slatewright.features.layout import (
    ADDED,
    EVERY_KIND,
    MOST_KINDS,
    RETURNED,
    SHOWN,
    SUM,
    Layout,
    Numbers,
    Ops,
    Visits,
)

ITEM = "item"


class Cell(NamedTuple):
    """One column of cells: the space, the kind counted, what the cell holds, after how many µs an event counts half."""

    space: int
    kind: int
    mode: int
    half_life: float


class Visit(NamedTuple):
    """One column over a history: see ``layout.Visits``."""

    space: int
    kind: int
    of: int
    how: int
    half_life: float
    gap: float


class Basket(NamedTuple):
    """Items of one basket: events of one user and kind with pauses of at most ``minutes``; how many go with an item."""

    kind: str | None
    minutes: float
    n_neighbors: int


def microseconds(days: float | None) -> float:
    """A half-life in whole µs, infinite where nothing fades."""
    return float("inf") if days is None else float(max(round(days * MICROSECONDS_PER_DAY), 1))


class Plan:
    """Features add to it while a set is bound; whoever asks for the same again gets the same place."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.kinds = {IMPRESSION: SHOWN, RETURN: RETURNED}
        self.asked: list[Asking] = []
        self.basket: Basket | None = None
        self.last = 0
        self._keys: dict[str, Key] = {}
        self._cells: dict[Cell, int] = {}
        self._visits: dict[Visit, int] = {}
        self._static: dict[str, Weights] = {}
        self.space(ITEM)
        self.static("one", np.ones(len(catalogue), dtype=np.float32))

    def kind(self, name: str | None) -> int:
        """The number of a kind of event; None is any kind.

        Raises:
            BadKnob: the set names too many kinds.
        """
        if len(self.kinds) > MOST_KINDS:
            raise BadKnob(f"a set of features can name {MOST_KINDS} kinds of events, got {name!r} besides those")
        return EVERY_KIND if name is None else self.kinds.setdefault(name, len(self.kinds) + 1)

    def space(self, by: str) -> int:
        """The number of a space of keys: ``item``, ``category`` (the first of an item) or the name of a fact."""
        if by not in self._keys:
            self._keys[by] = key_of(self.catalogue, by)
        return list(self._keys).index(by)

    def cell(self, kind: str | None, *, by: str, half_life_days: float | None = None, mode: int = SUM) -> int:
        """A column of cells counted over the shop."""
        cell = Cell(self.space(by), self.kind(kind), mode, microseconds(half_life_days))
        return self._cells.setdefault(cell, len(self._cells))

    def visit(
        self,
        kind: str | None,
        *,
        by: str,
        half_life_days: float | None = None,
        how: int = ADDED,
        gap_minutes: float | None = None,
        of: int = 0,
    ) -> int:
        """A column over the history that asks; ``of`` is a static column that each event is multiplied with.

        Over what its owner was shown lately, where the kind is ``impression``.
        """
        gap = microseconds(None if gap_minutes is None else gap_minutes / (24 * 60))
        visit = Visit(self.space(by), self.kind(kind), of, how, microseconds(half_life_days), gap)
        return self._visits.setdefault(visit, len(self._visits))

    def static(self, name: str, values: Weights) -> int:
        """A column of facts, float32 (n_items,), finite."""
        if name not in self._static:
            self._static[name] = np.ascontiguousarray(values, dtype=np.float32)
        return list(self._static).index(name)

    def asking(self, asking: Asking) -> int:
        """A number that a request says by itself."""
        self.asked.append(asking)
        return len(self.asked) - 1

    def together(self, basket: Basket, last: int) -> None:
        """Learn which items go together.

        Raises:
            BadKnob: another feature of the set asks for other baskets.
        """
        if self.basket not in (None, basket) or self.last not in (0, last):
            raise BadKnob(f"a set of features can know one kind of basket, got {self.basket} and {basket}")
        self.basket, self.last = basket, last

    def layout(self) -> Layout:
        """Where each cell lies."""
        keys, cells = list(self._keys.values()), list(self._cells)
        n_keys = np.array([key.n for key in keys], dtype=np.int64)
        spaces = _column([cell.space for cell in cells])
        width = np.bincount(spaces, minlength=len(keys)).astype(np.int64)
        sizes = (n_keys + 2) * width
        at = [int((spaces[:column] == space).sum()) for column, space in enumerate(spaces)]
        rows: Index = np.stack([key.rows for key in keys])
        return Layout(
            rows, n_keys, np.cumsum(sizes) - sizes, width, spaces, _column(at), _column([cell.kind for cell in cells]),
            _column([cell.mode for cell in cells]), np.array([cell.half_life for cell in cells], dtype=np.float64),
        )  # fmt: skip

    def visits(self) -> Visits:
        """The columns over a history."""
        columns = list(self._visits)
        whole = [_column([int(visit[at]) for visit in columns]) for at in range(4)]
        numbers: list[Numbers] = [np.array([visit[at] for visit in columns], dtype=np.float64) for at in (4, 5)]
        return Visits(whole[0], whole[1], whole[2], whole[3], numbers[0], numbers[1])

    def facts(self) -> Weights:
        """The static columns, float32 (n_items, n_static)."""
        return np.ascontiguousarray(np.stack(list(self._static.values()), axis=1))


def ops_of(features: Sequence[Feature], plan: Plan) -> Ops:
    """The ops of all features, which have told the plan what they need by then."""
    ops = [feature.planned(plan) for feature in features]
    whole = [_column([int(op[at]) for op in ops]) for at in range(4)]
    numbers: list[Numbers] = [np.array([op[at] for op in ops], dtype=np.float64) for at in (4, 5, 6)]
    return Ops(whole[0], whole[1], whole[2], whole[3], numbers[0], numbers[1], numbers[2])


def _column(values: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


__all__ = ["ITEM", "Basket", "Op", "Plan", "microseconds", "ops_of"]
