"""Rules that cannot hold together: the smallest group of them, and how little to ease."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.pipeline.orders.limits import Limit
from slatewright.pipeline.orders.searching import FOUND, MOST_LOOKS, UNKNOWN, first_arrangement

MOST_GROUPS = 500  # that are tried; beyond, a group that shrinks no further has to do
BUDGET = 600_000  # looks at candidates for one answer, over all searches
LAST_LOOKS = 120_000  # for what is made where those do not suffice
BY_SEARCH = 2_000  # looks that preparing a search counts for


@dataclass(frozen=True)
class Conflict:
    """A smallest ``group`` of rules (places among them, ascending) that no slate of these candidates keeps to together.

    The last of them, the least important, was eased ``by`` so much. ``proved`` is False where the search gave up.
    """

    group: tuple[int, ...]
    by: int
    proved: bool


class SpentError(Exception):
    """The looks at candidates that an answer may take are used up."""


@dataclass
class Task:
    """Candidates under limits: ``codes`` int32 (limits, n, w), for a slate of so many ``places``.

    ``budget`` is how many looks at candidates all searches may take together.
    """

    codes: Index
    places: int
    budget: float = math.inf

    def solved(self, limits: Sequence[Limit], group: Sequence[int]) -> tuple[Offsets, int]:
        """The first arrangement that keeps to a group of the limits, and whether it was found.

        Raises:
            SpentError: the budget is used up, and it was not found.
        """
        positions, found, looks = first_arrangement(
            *self._given(limits, group), most_looks=int(min(MOST_LOOKS, self.budget))
        )
        self.budget -= looks + BY_SEARCH
        if self.budget < 0 and found != FOUND:
            raise SpentError
        return positions, found

    def nearly(self, limits: Sequence[Limit]) -> Offsets:
        """The first arrangement that keeps to those limits, one after the other, that are quickly found to hold."""
        positions, kept = np.arange(self.places), list[int]()
        for at in range(len(limits)):
            given = self._given(limits, [*kept, at])
            answer, found, _ = first_arrangement(*given, most_looks=LAST_LOOKS // len(limits))
            if found == FOUND:
                positions, kept = answer, [*kept, at]
        return positions

    def _given(
        self, limits: Sequence[Limit], group: Sequence[int]
    ) -> tuple[Index, Offsets, Offsets, Offsets, Mask, int]:
        over = [limits[at].over(self.places) for at in group]
        return (
            self.codes[list(group)],
            np.array([limit.window for limit in over], dtype=np.int64),
            np.array([limit.most for limit in over], dtype=np.int64),
            np.array([limit.least for limit in over], dtype=np.int64),
            np.array([limit.barred for limit in over], dtype=np.bool_),
            self.places,
        )


def bounded(limits: Sequence[Limit], task: Task) -> tuple[Offsets, list[Conflict], tuple[int, ...]]:
    """As ``arranged``, within the budget of the task; where that does not suffice, as many as are quickly kept.

    The third part names the limits that are broken then.
    """
    try:
        return *arranged(limits, task), ()
    except SpentError:
        positions = task.nearly(limits)
        return positions, [], tuple(at for at in range(len(limits)) if not _holds(limits[at], task, at, positions))


def _holds(limit: Limit, task: Task, at: int, positions: Offsets) -> bool:
    """Whether an arrangement keeps to one limit."""
    rows, over = task.codes[at, positions], limit.over(task.places)
    window, most = over.window or task.places, task.places if over.most is None else over.most
    for start in range(task.places - window + 1):
        part = rows[start : start + window]
        how_often = np.unique(part[part >= 0], return_counts=True)[1]
        if how_often.max(initial=0) > most or (part[:, 0] >= 0).sum() < over.least:
            return False
    return not (over.barred and rows[0, 0] >= 0)


def arranged(limits: Sequence[Limit], task: Task) -> tuple[Offsets, list[Conflict]]:
    """Positions (places,) that keep to the limits, the first ones eased last; and what was in conflict.

    Of every smallest conflicting group the last rule is eased by as little as makes that group possible.

    Raises:
        SpentError: the budget of the task is used up.
    """
    conflicts: list[Conflict] = []
    limits, everything = list(limits), range(len(limits))
    while True:
        positions, found = task.solved(limits, everything)
        if found == FOUND:
            return positions, conflicts
        group, proved = smallest_conflict(limits, task, proved=found != UNKNOWN)
        by = _least_easing(limits, group, task)
        limits[group[-1]] = limits[group[-1]].easier(by)
        conflicts.append(Conflict(group, by, proved))


def smallest_conflict(limits: Sequence[Limit], task: Task, *, proved: bool = True) -> tuple[tuple[int, ...], bool]:
    """The smallest group of limits that cannot hold together, the first of several; all of them cannot.

    ``proved`` says whether that is proved of all of them; the answer's second part, whether it is of the group.
    """
    n = len(limits)
    groups = (group for size in range(1, n) for group in combinations(range(n), size))
    for group in islice(groups, MOST_GROUPS):
        found = task.solved(limits, group)[1]
        if found != FOUND:
            return group, found != UNKNOWN
    return _shrunk(limits, task) if n > 1 and 2**n - 2 > MOST_GROUPS else (tuple(range(n)), proved)


def _shrunk(limits: Sequence[Limit], task: Task) -> tuple[tuple[int, ...], bool]:
    """A group that no rule can be taken from; the least important ones go first."""
    group, proved = list(range(len(limits))), True
    for at in reversed(range(len(limits))):
        rest = [one for one in group if one != at]
        found = task.solved(limits, rest)[1]
        if rest and found != FOUND:
            group, proved = rest, found != UNKNOWN
    return tuple(group), proved


def _least_easing(limits: Sequence[Limit], group: tuple[int, ...], task: Task) -> int:
    """By how little the last rule of a group must be eased for the group to hold; by everything, it is none."""
    low, high = 0, task.places + 1
    while high - low > 1:
        middle = (low + high) // 2
        eased = [*limits[: group[-1]], limits[group[-1]].easier(middle), *limits[group[-1] + 1 :]]
        low, high = (low, middle) if task.solved(eased, group)[1] == FOUND else (middle, high)
    return high
