"""A network over the ids and facts of a user and an item, and over what the user took: one score per pair."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from slatewright.core.arrays import Arrays, Index, Scores
from slatewright.data.encoding.remembering import Remembered
from slatewright.data.histories import Histories
from slatewright.models.model import Known, Model
from slatewright.models.neural.facts.drawing import latest_items
from slatewright.models.neural.facts.fact_net import SHAPES, FactNet
from slatewright.models.neural.facts.fields import FieldReader
from slatewright.models.neural.facts.layout import Rows
from slatewright.models.neural.facts.vectors import VectorReader
from slatewright.models.products import products
from slatewright.models.shapes.leaving_out import without_each
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class FactNetwork(Model):
    """``net`` reads the fields of a user (place of the id, then the facts, by ``reader``), then those of an item.

    ``places`` int32 (n_items, item fields) and ``numbers`` float32 (n_items, item numbers) are what it reads of the
    items; the first is the place of the id, 0 where nobody took the item. ``user_ids`` int32 (n_users,) are the places
    of the ids of users, 0 for who is known by history and facts alone. ``learning_curve`` as in ``Trained``. Only what
    learns on reads ``item_reader`` and ``item_vectors``, which made places and numbers of facts.
    """

    net: FactNet
    reader: FieldReader
    item_reader: FieldReader
    item_vectors: VectorReader
    places: Index
    numbers: Scores
    user_ids: Index
    learning_curve: Scores
    shape: ClassVar[str] = "fact_network"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        chosen = np.arange(len(self.places), dtype=np.int32) if items is None else items
        out = np.empty((len(histories), len(chosen)), dtype=np.float32)
        people = self.people(histories)
        for start, stop in _blocks(len(histories), len(chosen)):
            rows = self.pairs(people, np.arange(start, stop, dtype=np.int32), chosen)
            out[start:stop] = self.net.marks(rows).reshape(stop - start, len(chosen))
        return out

    def people(self, histories: Histories) -> Rows:
        """What is read of the owner of each history: the id where it is known, the facts, and the latest items."""
        n = len(histories)
        ids = np.zeros((n, 1), dtype=np.int32)
        if histories.owners is not None:
            known = histories.owners < len(self.user_ids)
            ids[known, 0] = self.user_ids[histories.owners[known]]
        places, numbers = self._read(histories.facts) if histories.facts is not None else self.reader.read(None, n)
        told = histories.only((histories.weights > 0) & (self.places[histories.items, 0] > 0))
        latest, shares = latest_items(told.offsets, told.items, self.net.layout.history)
        history = np.where(shares > 0, self.places[latest, 0] if len(self.places) else 0, 0).astype(np.int32)
        return Rows(np.hstack([ids, places]), numbers, history, shares)

    @cached_property
    def _read(self) -> Remembered[tuple[Index, Scores]]:
        return Remembered(lambda facts: self.reader.read(facts, len(facts)))

    def pairs(self, people: Rows, chosen: Index, items: Index) -> Rows:
        """Every one of some people with every item, in rows: all items of the first, then of the second."""
        user, item = np.repeat(chosen, len(items)), np.tile(items, len(chosen))
        return Rows(
            np.hstack([people.places[user], self.places[item]]),
            np.hstack([people.numbers[user], self.numbers[item]]),
            people.history[user],
            people.shares[user],
        )

    def arrays(self) -> Arrays:
        return {
            **{f"net_{name}": array for name, array in self.net.arrays().items()},
            **self.reader.arrays("reader"),
            **self.item_reader.arrays("item_reader"),
            **self.item_vectors.arrays("item_vectors"),
            **{name: getattr(self, name) for name in _PLAIN},
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        net = {name.removeprefix("net_"): array for name, array in arrays.items() if name.startswith("net_")}
        reader, items = (FieldReader.from_arrays(arrays, name) for name in ("reader", "item_reader"))
        vectors = VectorReader.from_arrays(arrays, "item_vectors")
        plain: Any = {name: arrays[name] for name in _PLAIN}
        return cls(known, FactNet.from_arrays(net), reader, items, vectors, **plain)

    @cached_property
    def _vectors(self) -> Scores:
        """The vectors of each item's fields side by side, of length 1, float32 (n_items, fields x d)."""
        offsets = self.net.layout.offsets[-1 - self.places.shape[1] : -1]
        vectors = self.net.fields[self.places + offsets].reshape(len(self.places), -1)
        lengths: Scores = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Scores = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
        return unit

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        """By the cosine of the vectors of their ids and facts."""
        scores = products(self._vectors[items], self._vectors)
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.places) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        """How much the score falls when an event is left out, each for itself."""
        asked = np.array([item], dtype=np.int32)
        parts: Scores = self.score(history, asked)[0, 0] - self.score(without_each(history), asked)[:, 0]
        return parts


def _blocks(n: int, width: int) -> Iterator[tuple[int, int]]:
    """Histories whose pairs are held at once."""
    size = max(1, 4 * SHAPES[-1] // max(1, width))
    for start in range(0, n, size):
        yield start, min(n, start + size)


_PLAIN = ("places", "numbers", "user_ids", "learning_curve")
