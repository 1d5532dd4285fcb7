"""What becomes of an item by what was done to it: a chance per kind of event and item."""

from dataclasses import dataclass, fields
from typing import ClassVar, Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Scores
from slatewright.data.histories import Histories
from slatewright.models.fading import faded
from slatewright.models.model import Known, Model
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class KindRates(Model):
    """``rates`` float32 (n_kinds, n_items): the chance that an event of a kind on an item leads to the end that is
    looked for; ``kinds`` str (n_kinds,) are the names. Chances of several kinds on one item are independent.

    ``first_rate`` float32 (n_items,) is the chance of an item that the history does not have. An event fades by
    ``half_life_days`` float64 (1,), infinite: never, before ``as_of`` int64 (1,).
    """

    kinds: Array
    rates: Scores
    first_rate: Scores
    half_life_days: Array
    as_of: Array
    shape: ClassVar[str] = "kind_rates"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        left = np.tile(1 - self.first_rate, (len(histories), 1))  # the chance that it is not bought
        rows = np.repeat(np.arange(len(histories)), histories.lengths())
        chances, first = self._chances(histories)
        np.multiply.at(left, (rows[first], histories.items[first]), 1 - chances[first])
        out: Scores = 1 - left
        return out if items is None else np.take(out, items, axis=1)

    def _chances(self, histories: Histories) -> tuple[Scores, Array]:
        """The chance that each event brings, float32 (events,), and the events that count: the last of each kind on
        each item of a history, for to view a thing twice is no second chance."""
        codes = self._codes(histories)
        rows = np.repeat(np.arange(len(histories)), histories.lengths())
        n_kinds, n_items = self.rates.shape
        pairs = (rows * n_items + histories.items) * n_kinds + codes
        last = len(pairs) - 1 - np.unique(pairs[::-1], return_index=True)[1]
        last = np.sort(last[histories.weights[last] > 0])
        half_life = float(self.half_life_days[0])
        ones = np.ones(len(pairs), dtype=np.float32)
        fade = faded(ones, histories.times, int(self.as_of[0]), half_life if np.isfinite(half_life) else None)
        chances: Scores = self.rates[codes, histories.items] * fade
        return chances, last

    def _codes(self, histories: Histories) -> Array:
        """The row of ``rates`` of each event; that of the first kind where kinds are not told."""
        if histories.kinds is None or not histories.kind_names:
            return np.zeros(len(histories.items), dtype=np.int64)
        known = {str(name): at for at, name in enumerate(self.kinds)}
        table = np.array([known.get(name, len(self.kinds) - 1) for name in histories.kind_names], dtype=np.int64)
        return table[histories.kinds]

    def arrays(self) -> Arrays:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "known"}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        """What is bought most: chances of one item say nothing of another."""
        scores = np.tile(self.first_rate, (len(items), 1))
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.first_rate) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        chances, first = self._chances(history)
        counted = np.zeros(len(chances), dtype=np.bool_)
        counted[first] = True
        parts: Scores = np.where(counted & (history.items == item), chances, 0).astype(np.float32)
        return parts
