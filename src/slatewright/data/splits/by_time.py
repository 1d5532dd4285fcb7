"""Splits by time: learn from the past, be judged by what came after. Nothing of the future leaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np

from slatewright.core.arrays import Mask
from slatewright.core.clock import MICROSECONDS_PER_DAY, instant, iso
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.histories import RATED_KINDS
from slatewright.data.splits.fold import Fold, fold_of
from slatewright.data.splits.matching import in_visits_of
from slatewright.data.splits.protocol import Protocol

VALIDATION = Knob("share of the training events, the latest ones, held back to choose knobs; 0: none", least=0, below=1)
KINDS = Knob("kinds of events that count as right answers; none: all of them")


GLOBAL_TIME = Protocol("global-time", "what will be wanted after an instant, known all that was before it?")
ROLLING = Protocol("rolling", "what will be wanted in each window, known all that was before it?")


class Window(NamedTuple):
    """The test part of one fold, µs UTC: from ``cut`` to before ``end``; training is all before ``cut``."""

    cut: int
    end: int


@dataclass(frozen=True)
class GlobalTime:
    """One instant for everybody: before it is training, from it on is test."""

    at: Annotated[str | None, Knob("first instant of the test part, like 2011-10-01; none: by share")] = None
    test_share: Annotated[float, Knob("share of the events, the latest, that is test", above=0, below=1)] = 0.2
    validation_share: Annotated[float, VALIDATION] = 0.1
    kinds: Annotated[tuple[str, ...], KINDS] = ()

    def __post_init__(self) -> None:
        check_knobs(self)
        if self.at is not None:
            instant(self.at)

    def cut(self, dataset: Dataset) -> int:
        """The first instant of the test part, µs UTC.

        Raises:
            BadInput: the data set has no events, or ``at`` leaves one of the two parts without any.
        """
        first, last = _span(dataset)
        if self.at is None:
            times = dataset.interactions.time
            first_of_test = min(len(times) - 1, int(np.ceil(len(times) * (1 - self.test_share))))
            return int(np.partition(times, first_of_test)[first_of_test])
        cut = instant(self.at)
        if not first < cut <= last:
            raise BadInput(
                f"GlobalTime.at must have events before it and after it; the data reaches from {iso(first)} to "
                f"{iso(last)}, got {self.at}"
            )
        return cut

    def cuts(self, dataset: Dataset) -> list[Window]:
        """The one window: from the cut to the end of the data."""
        return [Window(self.cut(dataset), _span(dataset)[1] + 1)]

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        yield from _folds(self, dataset)

    @property
    def protocol(self) -> Protocol:
        """What the folds promise."""
        return GLOBAL_TIME.with_knobs(self)


@dataclass(frozen=True)
class RollingWindows:
    """Several cuts, each judged by the days that follow it: how good would last month's, and this month's, model be?"""

    windows: Annotated[int, Knob("how many windows", least=1)] = 3
    window_days: Annotated[float, Knob("length of each window", above=0)] = 30.0
    validation_share: Annotated[float, VALIDATION] = 0.1
    kinds: Annotated[tuple[str, ...], KINDS] = ()

    def __post_init__(self) -> None:
        check_knobs(self)

    def cuts(self, dataset: Dataset) -> list[Window]:
        """Oldest first; the last one ends where the data ends.

        Raises:
            BadInput: the data set has no events, or nothing happened before the first window.
        """
        first, last = _span(dataset)
        length = round(self.window_days * MICROSECONDS_PER_DAY)
        cuts = [last + 1 - back * length for back in range(self.windows, 0, -1)]
        if cuts[0] <= first:
            raise BadInput(
                f"RollingWindows must leave events before the first window: {self.windows} windows of "
                f"{self.window_days:g} days begin at {iso(cuts[0])}, and the data reaches from {iso(first)} to "
                f"{iso(last)}; ask for fewer or shorter windows"
            )
        return [Window(cut, cut + length) for cut in cuts]

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        """Oldest window first; the last one ends where the data ends."""
        yield from _folds(self, dataset)

    @property
    def protocol(self) -> Protocol:
        """What the folds promise."""
        return ROLLING.with_knobs(self)


TimeSplit: TypeAlias = GlobalTime | RollingWindows


def _folds(split: TimeSplit, dataset: Dataset) -> Iterator[Fold]:
    for window in split.cuts(dataset):
        train, answers = sides_of(dataset.interactions, window, split.kinds)
        inner = latest(split.validation_share, split.kinds)
        yield fold_of(dataset, train, answers, as_of=window.cut, inner=inner, protocol=split.protocol)


def sides_of(table: Interactions, window: Window, kinds: tuple[str, ...]) -> tuple[Mask, Mask]:
    """Which events a window trains on and which are right answers, bool (events,) both.

    A visit that began before the cut is left out of the answers: its beginning was learned.

    Raises:
        BadInput: a kind that the data does not have, or every visit of the window began before it.
    """
    before = table.time < window.cut
    answers = ~before & (table.time < window.end) & answers_of(table, kinds)
    begun = in_visits_of(table, answers, before)
    if answers.any() and not (answers & ~begun).any():
        raise BadInput(
            f"a session_id must name one visit: all {answers.sum():,} test events belong to one that began before "
            f"{iso(window.cut)}; if it names a device or a user, leave that column out"
        )
    return before, answers & ~begun


def _span(dataset: Dataset) -> tuple[int, int]:
    times = dataset.interactions.time
    if not len(times):
        raise BadInput("a data set without events cannot be split by time")
    return int(times.min()), int(times.max())


def latest(share: float, kinds: tuple[str, ...]) -> GlobalTime | None:
    """The split that holds back the latest share of a training part; None for a share of 0."""
    return GlobalTime(test_share=share, validation_share=0.0, kinds=kinds) if share else None


def answers_of(table: Interactions, kinds: tuple[str, ...]) -> Mask:
    """Which rows may be answers, bool (events,): of these kinds (any, when none is named), ratings or of some weight.

    Raises:
        BadInput: a kind that the data does not have.
    """
    missing = sorted(set(kinds) - set(table.kinds))
    if missing:
        raise BadInput(f"there is no event of kind {missing[0]!r}; the kinds are {', '.join(table.kinds)}")
    told = (table.weight > 0) | table.of_kind(*RATED_KINDS)  # a low rating weighs nothing, and is foretold like others
    return told & table.of_kind(*kinds) if kinds else told
