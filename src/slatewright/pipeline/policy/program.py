"""Many conditions that compare items with a request, asked all at once: a short program of steps for each of them."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.policy.bits import Bits
from slatewright.pipeline.policy.steps import AT_ONCE, COMPARE, MIRRORED, OF_PILE, RECKON, Step, add_where
from slatewright.pipeline.policy.values import Compared, Joined, Moment, Opposite, Reckoned, Value, constant


class Program:
    """Conditions over a catalogue, each true where all of its parts are; what asks the item alone follows its facts.

    What several conditions ask is read once for a request: a fact held against many bounds, a list of the user.
    """

    def __init__(self, facts: ItemFacts, conditions: Iterable[Sequence[Value]]) -> None:
        self._written = _Written(Moment(facts, None, None))
        for parts in conditions:
            self._written.all_of(parts)
        self._steps = np.array(self._written.steps, dtype=np.int8)
        self._rows = np.array(self._written.rows, dtype=np.int64)
        self._places = np.array(self._written.places, dtype=np.int64)
        self._fixed = np.array(self._written.fixed, dtype=np.float64)
        self._ends = np.array(self._written.ends, dtype=np.int64)
        self._bits = Bits(facts, self._written.alone.values)

    def add(self, active: Sequence[bool], by: Scores, moment: Moment, total: Scores) -> None:
        """Add ``by``, float32 (conditions,), of each active condition to the items that it is true of.

        ``total`` is float32 (n,), the moment about n items. Call it inside ``quiet``.
        """
        numbers = np.flatnonzero(active)
        if len(numbers) == 0 or moment.items is None or len(moment.items) == 0:
            return
        parts = [self._written.parts[number] for number in numbers.tolist()]
        brought = self._fixed.copy()
        for one in parts:
            for at, read in one.brought:
                brought[at] = read(moment)
        columns = _read(self._written.columns, {at for one in parts for at in one.columns}, moment, np.float64)
        masks = _read(self._written.masks, {at for one in parts for at in one.masks}, moment, np.bool_)
        asked = columns, masks, self._bits.rows(moment.items)
        steps = self._steps, self._rows, self._places, brought, self._ends
        add_where(steps, numbers, by, asked, total, self._written.deepest)


def _read(distinct: "_Distinct", needed: set[int], moment: Moment, kind: type) -> Array:
    """The needed ones of some values, (all of them, n); the others are left as they are."""
    rows: Array = np.empty((len(distinct.values), 0 if moment.items is None else len(moment.items)), dtype=kind)
    for at in needed:
        rows[at] = distinct.values[at].read(moment)
    return rows


class _Distinct:
    """Different values, each with its number."""

    def __init__(self) -> None:
        self._known: dict[Hashable, int] = {}
        self.values: list[Value] = []

    def number(self, value: Value) -> int:
        """The number of a value, a new one where it is new."""
        found = self._known.setdefault(value if value.key is None else value.key, len(self.values))
        if found == len(self.values):
            self.values.append(value)
        return found


@dataclass(eq=False)
class _Asked:
    """What one condition asks for: numbers of columns and masks, and for some of its steps what they bring."""

    columns: list[int] = field(default_factory=list)
    masks: list[int] = field(default_factory=list)
    brought: list[tuple[int, Callable[[Moment], Any]]] = field(default_factory=list)


class _Written:
    """The steps of all conditions, one after another, and the different things that they ask."""

    def __init__(self, nobody: Moment) -> None:
        self._nobody = nobody  # what is the same for all requests is read once, by this one
        self.steps, self.rows, self.places, self.ends = list[int](), list[int](), list[int](), [0]
        self.fixed: list[float] = []  # what each step brings whoever asks
        self.parts: list[_Asked] = []
        self.alone, self.columns, self.masks = _Distinct(), _Distinct(), _Distinct()
        self.deepest = 1  # yes or noes, or numbers, that are piled up at once

    def all_of(self, parts: Sequence[Value]) -> None:
        """Write one more condition."""
        self.parts.append(_Asked())
        if parts:
            self._joined(parts, Step.AND, 0)
        else:
            self._step(Step.FLAG, 0, brings=constant("truth", True))
        self.ends.append(len(self.steps))

    def _joined(self, parts: Sequence[Value], join: int, depth: int) -> None:
        for at, part in enumerate(parts):
            self._truth(part, depth + (at > 0))
            if at > 0:
                self._step(join, depth)

    def _truth(self, value: Value, depth: int) -> None:
        """Steps that pile one more yes or no for each item upon ``depth`` others."""
        self.deepest = max(self.deepest, depth + 1)
        if not value.of_item:
            self._step(Step.FLAG, depth, brings=value)
        elif not value.of_request:
            self._step(Step.BIT, depth, self.alone.number(value))
        else:
            self._truth_of_both(value, depth)

    def _truth_of_both(self, value: Value, depth: int) -> None:
        match value.form:
            case Joined(parts=parts, either=either):
                self._joined(parts, Step.OR if either else Step.AND, depth)
            case Opposite(part=part):
                self._truth(part, depth)
                self._step(Step.NOT, depth)
            case Compared(left=left, sign=sign, right=right) if right.of_item and not left.of_item:
                self._compared(right, MIRRORED[sign], left, depth)
            case Compared(left=left, sign=sign, right=right):
                self._compared(left, sign, right, depth)
            case _:
                mask = self.masks.number(value)
                self.parts[-1].masks.append(mask)
                self._step(Step.MASK, depth, mask)

    def _compared(self, left: Value, sign: str, right: Value, depth: int) -> None:
        if right.of_item or isinstance(left.form, Reckoned):
            self._number(left, 0)
            self._number(right, 1)
            self._step(COMPARE[sign], depth, OF_PILE)
        else:
            self._step(COMPARE[sign], depth, self._column(left), right)

    def _number(self, value: Value, depth: int) -> None:
        """Steps that pile one more number for each item upon ``depth`` others."""
        self.deepest = max(self.deepest, depth + 1)
        if not value.of_item:
            self._step(Step.NUMBER, depth, brings=value)
        elif isinstance(value.form, Reckoned):
            self._number(value.form.first, depth)
            for sign, part in value.form.steps:
                self._reckoned(sign, part, depth)
        else:
            self._step(Step.COLUMN, depth, self._column(value))

    def _reckoned(self, sign: str, part: Value, depth: int) -> None:
        if part.of_item:
            self._number(part, depth + 1)
            self._step(RECKON[sign], depth, OF_PILE)
        else:
            self._step(RECKON[sign], depth, AT_ONCE, part)

    def _column(self, value: Value) -> int:
        column = self.columns.number(value)
        self.parts[-1].columns.append(column)
        return column

    def _step(self, step: int, row: int, place: int = 0, brings: Value | None = None) -> None:
        if brings is not None and brings.of_request:
            self.parts[-1].brought.append((len(self.steps), brings.read))
        self.fixed.append(0.0 if brings is None or brings.of_request else float(brings.read(self._nobody)))
        self.steps.append(step)
        self.rows.append(row)
        self.places.append(place)
