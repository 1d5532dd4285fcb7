"""The life table of things bought: how likely the next purchase is, by how long ago the last one was.

As in actuarial tables, a spell that has not ended yet (the item was not bought again so far) counts for the time that
it was seen, so nothing is biased towards those who were quick. Age is counted in usual intervals of the pair: at 1 it
is time.
"""

from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array
from slatewright.models.repeats.spells import Spells

AGES = np.array([0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.1, 1.35, 1.7, 2.2, 3, 4, 6, 9])  # lower edges, usual intervals
COUNTS = np.array([1, 2, 3, 4, 6, 9, 14, 22])  # lower edges, occasions so far
LENT = 20.0  # usual intervals of waiting lent to every cell, at the hazard of its age


@dataclass(frozen=True, slots=True)
class LifeTable:
    """``hazard`` float64 (counts, ages): purchases per usual interval, by occasions so far and age; lower edges."""

    hazard: Array
    ages: Array
    counts: Array

    def classes(self, count: Array) -> Array:
        """The row of each count, int64."""
        return np.searchsorted(self.counts, count, side="right") - 1

    def between(self, count: Array, begin: Array, end: Array) -> Array:
        """Purchases expected of pairs between two ages, float64 (n,)."""
        rows, total = self.classes(count), np.zeros(len(begin))
        for column, (low, high) in enumerate(_bounds(self.ages)):
            lived = np.clip(end, low, high) - np.clip(begin, low, high)
            total += self.hazard[rows, column] * lived
        return total


def life_table(spells: Spells) -> LifeTable:
    """The table of all spells: purchases seen in each cell over the time lived in it.

    Cells with little exposure lean on the mean of their age, ``(seen + 20 h) / (lived + 20)``; ages that hardly anybody
    lived to lean on the mean of all.
    """
    rows = np.searchsorted(COUNTS, spells.count, side="right") - 1
    age = spells.length * spells.pace
    seen, lived = np.zeros((2, len(COUNTS), len(AGES)))
    columns = np.searchsorted(AGES, age, side="right") - 1
    np.add.at(seen, (rows[spells.ended], columns[spells.ended]), 1.0)
    for column, (low, high) in enumerate(_bounds(AGES)):
        lived[:, column] = np.bincount(rows, np.clip(age, low, high) - low, minlength=len(COUNTS))
    mean = seen.sum() / max(float(lived.sum()), 1e-9)
    at_age = (seen.sum(axis=0) + mean) / (lived.sum(axis=0) + 1)
    return LifeTable((seen + LENT * at_age) / (lived + LENT), AGES, COUNTS)


def _bounds(ages: Array) -> list[tuple[float, float]]:
    return list(zip(ages.tolist(), [*ages[1:].tolist(), np.inf], strict=True))


def seen_and_expected(
    spells: Spells, table: LifeTable, n_items: int, today: float, half_life_days: float | None
) -> tuple[Array, Array]:
    """For each item how often it was bought again, and how often the table expects it, both float64 (n_items,).

    With ``half_life_days`` what happened, and what was expected to happen, that many days before ``today`` counts half.
    """
    rows = table.classes(spells.count)
    fade = 0.0 if half_life_days is None else np.log(2) / half_life_days
    ended = spells.ended
    weights = np.exp(-fade * (today - (spells.start + spells.length)[ended]))
    seen = np.bincount(spells.item[ended], weights, minlength=n_items)
    expected = np.zeros(n_items)
    for column, (low, high) in enumerate(_bounds(table.ages)):
        begin = np.minimum(low / spells.pace, spells.length)  # days since the last purchase
        end = np.minimum(high / spells.pace, spells.length)
        lived = spells.pace * _faded(today - spells.start - end, today - spells.start - begin, fade)
        expected += np.bincount(spells.item, table.hazard[rows, column] * lived, minlength=n_items)
    return seen, expected


def _faded(near: Array, far: Array, fade: float) -> Array:
    """Days between two distances from today, each day faded; the integral of exp(-fade t) from near to far."""
    if fade == 0:
        return far - near
    lived: Array = (np.exp(-fade * near) - np.exp(-fade * far)) / fade
    return lived
