"""What is known of every item right now: the catalogue's facts, and over them what was told since training."""

import hashlib
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeAlias

import numpy as np
import orjson
import polars as pl

from slatewright.core.arrays import Index, Mask
from slatewright.core.clock import instant
from slatewright.data.catalogue import AVAILABLE_FACTS, HIDDEN_FACTS, Catalogue, available_of, category_fact
from slatewright.pipeline.fact_columns import Lists, Type, Words, check_fact, lists_of, nearest, texts_in, types_of

Told: TypeAlias = Mapping[str, object]
SELLABLE, ID, FIRST_SEEN = "sellable", "id", "first_seen"
OWN: Mapping[str, Type] = {ID: "text", FIRST_SEEN: "time", SELLABLE: "truth"}  # facts that every shop has


class Listener(Protocol):
    """Something that was worked out from facts and wants to know when they change."""

    def refresh(self, items: Index) -> None: ...


class ItemFacts:
    """The facts of a catalogue as columns of arrays, which updates change in place; any thread may read.

    A column is made when it is first asked for. ``available`` bool (n_items,) says what can be sold; ``told`` has
    by item what was told since training; ``shelved`` names the fact that says on which shelves an item stands, None:
    there is none. ``mark`` is a number of what was told, the same in every process that was told the same.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._lock = threading.RLock()
        self.told: dict[int, dict[str, object]] = {}
        self.mark = 0
        self._columns: dict[str, Any] = {}
        self._absent: dict[str, Mask] = {}
        self._split: dict[str, Lists] = {}
        self._listeners: weakref.WeakSet[Any] = weakref.WeakSet()
        self.words = Words()
        self.available: Mask = np.array(catalogue.available, dtype=np.bool_)
        self.shelved = category_fact(catalogue.facts)
        self.types: Mapping[str, Type] = {**OWN, **types_of(catalogue.facts.schema, several=self.shelved)}

    def __len__(self) -> int:
        return len(self._catalogue)

    def listen(self, listener: Listener) -> None:
        """Call its ``refresh`` after every update, for as long as somebody else holds on to it."""
        with self._lock:
            self._listeners.add(listener)

    def facts_of(self, item: int) -> dict[str, object]:
        """What is known of one item now."""
        return self._catalogue.facts_of(item) | self.told.get(item, {})

    def unheard(self, names: Iterable[str], most: int | None = None) -> dict[str, str | None]:
        """Which facts nobody knows of any item, the first ``most``, sorted, each with a known name that is like it."""
        say = (*AVAILABLE_FACTS, *HIDDEN_FACTS)
        known = {*self.types, *self._catalogue.facts.columns} - OWN.keys()
        return nearest({name for name in names if name not in known and name.lower() not in say}, {*known, *say}, most)

    def update(self, told: Mapping[int, Told]) -> None:
        """Facts by item index take the place of what was known, fact by fact.

        Raises:
            BadInput: a value is not of the type of its fact; nothing was changed.
        """
        for facts in told.values():
            for name, value in facts.items():
                check_fact(name, value, self.types.get(name))
        with self._lock:
            changed = np.fromiter(told, dtype=np.int32, count=len(told))
            mark = self.mark
            for item, facts in told.items():
                known = self.told.setdefault(item, {})
                before = {name: known[name] for name in facts if name in known}
                mark ^= _sum_of(item, before) ^ _sum_of(item, facts)
                known.update(facts)
            for name in {name for facts in told.values() for name in facts} & self._columns.keys():
                self._write(name, {item: facts[name] for item, facts in told.items() if name in facts})
            self._judge_available(told)
            for listener in list(self._listeners):
                listener.refresh(changed)
            self.mark = mark  # last: whoever reads it sees all that it stands for

    def column(self, name: str) -> Any:
        """One fact of all items: float64 (numbers; µs of times; NaN: not known), bool, int32 of words (0: not known),
        or ``Lists``."""
        if name == SELLABLE:
            return self.available
        with self._lock:
            if name not in self._columns:
                self._columns[name] = self._made(name)
                self._write(name, {item: facts[name] for item, facts in self.told.items() if name in facts})
            return self._columns[name]

    def lists(self, name: str) -> Lists:
        """A fact as several texts for each item; one text is split at | and ;."""
        column = self.column(name)
        if isinstance(column, Lists):
            return column
        with self._lock:
            if name not in self._split:
                names = self.words.names
                split = {code: [*map(self.words.number, texts_in(names[code]))] for code in np.unique(column).tolist()}
                self._split[name] = lists_of([split[code] for code in column.tolist()])
            return self._split[name]

    def missing(self, name: str) -> Mask:
        """Which items this fact is not known of, bool (n_items,)."""
        column = self.column(name)
        if isinstance(column, Lists):
            return np.asarray(np.diff(column.offsets) == 0)
        if self.types[name] == "truth":
            return self._truth_missing(name)
        return np.asarray(np.isnan(column) if column.dtype.kind == "f" else column == 0)

    def _truth_missing(self, name: str) -> Mask:
        with self._lock:
            if name == SELLABLE:
                return np.zeros(len(self), dtype=np.bool_)
            if name not in self._absent:
                absent = self._catalogue.facts[name].is_null().to_numpy().copy()
                absent[[item for item, facts in self.told.items() if name in facts]] = False
                self._absent[name] = absent
            return self._absent[name]

    def _made(self, name: str) -> Any:
        if name == ID:
            return self._numbered(self._catalogue.items.names)
        if name == FIRST_SEEN:
            return self._catalogue.first_seen.astype(np.float64)
        if name == self.shelved:
            names = [self.words.number(one) for one in self._catalogue.category_names.names]
            return Lists(
                self._catalogue.category_offsets, np.array([*names, 0], dtype=np.int32)[self._catalogue.categories]
            )
        made: dict[str, Callable[[pl.Series], Any]] = {
            "number": lambda column: column.cast(pl.Float64).fill_null(float("nan")).to_numpy().copy(),
            "time": lambda column: (
                column.cast(pl.Datetime("us")).to_physical().cast(pl.Float64).fill_null(float("nan")).to_numpy().copy()
            ),
            "truth": lambda column: column.fill_null(False).to_numpy().copy(),
            "text": self._numbered,
            "texts": self._listed,
        }
        return made[self.types[name]](self._catalogue.facts[name])

    def _numbered(self, column: pl.Series) -> Index:
        texts = column.cast(pl.String)
        distinct = texts.drop_nulls().unique(maintain_order=True)
        numbers = [self.words.number(text) for text in distinct]
        return np.array(texts.replace_strict(distinct, numbers, default=0, return_dtype=pl.Int32), dtype=np.int32)

    def _listed(self, column: pl.Series) -> Lists:
        lists = column.cast(pl.List(pl.String)).fill_null([])
        offsets = np.concatenate([[0], np.cumsum(lists.list.len().to_numpy())]).astype(np.int64)
        return Lists(offsets, self._numbered(lists.explode(empty_as_null=False)))

    def _write(self, name: str, told: Mapping[int, object]) -> None:
        """Put new values into a column that was made."""
        if not told:
            return
        kind = self.types[name]
        self._split.pop(name, None)
        if kind == "texts":
            self._columns[name] = self._relisted(self._columns[name], told)
            return
        read: dict[str, Callable[[Any], object]] = {
            "number": float,
            "truth": bool,
            "text": lambda text: self.words.number(str(text)),
            "time": lambda text: float(instant(str(text))),
        }
        for item, value in told.items():
            self._columns[name][item] = read[kind](value)
        if name in self._absent:
            self._absent[name][list(told)] = False

    def _relisted(self, lists: Lists, told: Mapping[int, object]) -> Lists:
        rows = np.split(lists.codes, lists.offsets[1:-1])
        for item, value in told.items():
            rows[item] = np.array([self.words.number(text) for text in texts_in(value)], dtype=np.int32)
        return lists_of(rows)

    def _judge_available(self, told: Mapping[int, Told]) -> None:
        say = {*AVAILABLE_FACTS, *HIDDEN_FACTS}
        items = [item for item, facts in told.items() if any(name.lower() in say for name in facts)]
        if items:
            rows = [{name: one for name, one in self.facts_of(item).items() if name.lower() in say} for item in items]
            self.available[items] = available_of(pl.DataFrame(rows, infer_schema_length=None), len(rows))


def _sum_of(item: int, facts: Told) -> int:
    """A number of facts of one item, in whatever order they stand."""
    total = 0
    for name, value in facts.items():
        said = orjson.dumps((item, name, value), default=str)
        total ^= int.from_bytes(hashlib.blake2b(said, digest_size=8).digest())
    return total
