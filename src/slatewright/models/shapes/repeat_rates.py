"""What is bought again, and when: a chance for every item of a history, seen from an instant."""

from dataclasses import dataclass, fields
from typing import ClassVar, Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Offsets, Scores
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.histories import Histories
from slatewright.models.model import Known, Model
from slatewright.models.repeats.life_table import LifeTable
from slatewright.models.repeats.occasions import bought_in, occasions_of
from slatewright.models.repeats.spells import paces
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True, slots=True)
class Repeats:
    """The items of n histories that may be bought again: those of history u from ``offsets[u]`` to ``offsets[u + 1]``.

    ``items`` int32 in order of index; ``chances`` float32, that it is bought again within the model's horizon; ``due``
    float32, the time since the last purchase over the time that usually passes: 1 when it is time.
    """

    offsets: Offsets
    items: Index
    chances: Scores
    due: Scores


@dataclass(frozen=True)
class RepeatRates(Model):
    """``hazard`` float32 (counts, ages): purchases per usual interval, by occasions so far and age of the last one;
    lower edges ``counts`` float32, ``ages`` float32 in usual intervals. Of each item, float32 (n_items,): ``ratio``,
    how much more often it is bought again; ``interval_visits``, the owner's visits that usually pass; ``first_rate``,
    first purchases per visit, for histories that do not have it. ``horizon_days`` float64 (1,); ``as_of`` int64 (1,),
    the instant from which ``score`` looks.
    """

    hazard: Scores
    ages: Scores
    counts: Scores
    ratio: Scores
    interval_visits: Scores
    first_rate: Scores
    horizon_days: Array
    as_of: Array
    shape: ClassVar[str] = "repeat_rates"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        """The chance that each item is bought within the horizon from ``as_of``, for the first time or again."""
        return self.chances(histories, int(self.as_of[0]), items)

    def chances(self, histories: Histories, now: int, items: Index | None = None) -> Scores:
        """The same from any instant, µs UTC; float32 (n, n_items)."""
        occasions = occasions_of(histories, now)
        ahead = (occasions.visits * self.horizon_days[0]).astype(np.float32)  # visits within the horizon
        out: Scores = -np.expm1(-ahead[:, None] * self.first_rate[None, :])
        found = self.repeats(histories, now)
        owner = np.repeat(np.arange(len(histories)), np.diff(found.offsets))
        out[owner, found.items] = found.chances
        return out if items is None else np.take(out, items, axis=1)

    def repeats(self, histories: Histories, now: int) -> Repeats:
        """The items that each history bought before ``now``, with their chances and whether they are due."""
        occasions = occasions_of(histories, now)
        last = np.flatnonzero(occasions.is_last)
        owner, item, count = occasions.owner[last], occasions.item[last], occasions.count[last]
        pace = paces(occasions, self.interval_visits)[last]
        due = np.maximum(now / MICROSECONDS_PER_DAY - occasions.day[last], 0) * pace
        table = LifeTable(self.hazard.astype(np.float64), self.ages, self.counts)
        expected = table.between(count, due, due + self.horizon_days[0] * pace)
        offsets = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(histories)))]).astype(np.int64)
        chances = -np.expm1(-expected * self.ratio[item])
        return Repeats(offsets, item, chances.astype(np.float32), due.astype(np.float32))

    def arrays(self) -> Arrays:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "known"}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        """Items that are bought again as often, and after as long: minus the distance of the logarithms."""
        ways = np.log(np.maximum(np.stack([self.ratio, self.interval_visits]), 1e-6)).astype(np.float32)
        scores: Scores = -np.abs(ways[:, items, None] - ways[:, None, :]).sum(axis=0)
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.ratio) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        """The chance of the item, in equal parts by the purchases of it; other events say nothing."""
        mine = bought_in(history) & (history.items == item)
        if not mine.any():
            return np.zeros(len(history.items), dtype=np.float32)
        chance = self.score(history, np.array([item], dtype=np.int32))[0, 0]
        shared: Scores = (mine * (chance / mine.sum())).astype(np.float32)
        return shared
