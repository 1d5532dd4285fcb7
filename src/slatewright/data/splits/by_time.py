"""Splits by time: learn from the past, be judged by what came after. Nothing of the future leaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Mask
from slatewright.core.clock import MICROSECONDS_PER_DAY, instant
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.splits.fold import Fold, fold_of

VALIDATION = Knob("share of the training events, the latest ones, held back to choose knobs; 0: none", least=0, below=1)
KINDS = Knob("kinds of events that count as right answers; none: all of them")


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
            BadInput: the data set has no events.
        """
        if self.at is not None:
            return instant(self.at)
        times = dataset.interactions.time
        if not len(times):
            raise BadInput("a data set without events cannot be split by time")
        first_of_test = min(len(times) - 1, int(np.ceil(len(times) * (1 - self.test_share))))
        return int(np.partition(times, first_of_test)[first_of_test])

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        cut = self.cut(dataset)
        after = dataset.interactions.time >= cut
        answers = after & answers_of(dataset.interactions, self.kinds)
        yield fold_of(dataset, ~after, answers, as_of=cut, inner=latest(self.validation_share, self.kinds))


@dataclass(frozen=True)
class RollingWindows:
    """Several cuts, each judged by the days that follow it: how good would last month's, and this month's, model be?"""

    windows: Annotated[int, Knob("how many windows", least=1)] = 3
    window_days: Annotated[float, Knob("length of each window", above=0)] = 30.0
    validation_share: Annotated[float, VALIDATION] = 0.1
    kinds: Annotated[tuple[str, ...], KINDS] = ()

    def __post_init__(self) -> None:
        check_knobs(self)

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        """Oldest window first; the last one ends where the data ends."""
        times = dataset.interactions.time
        if not len(times):
            raise BadInput("a data set without events cannot be split by time")
        end, length = int(times.max()) + 1, round(self.window_days * MICROSECONDS_PER_DAY)
        of_kind = answers_of(dataset.interactions, self.kinds)
        for back in range(self.windows, 0, -1):
            cut = end - back * length
            answers = (times >= cut) & (times < cut + length) & of_kind
            inner = latest(self.validation_share, self.kinds)
            yield fold_of(dataset, times < cut, answers, as_of=cut, inner=inner)


def latest(share: float, kinds: tuple[str, ...]) -> GlobalTime | None:
    """The split that holds back the latest share of a training part; None for a share of 0."""
    return GlobalTime(test_share=share, validation_share=0.0, kinds=kinds) if share else None


def answers_of(table: Interactions, kinds: tuple[str, ...]) -> Mask:
    """Which rows may be right answers, bool (events,): of these kinds (any, when none is named), and of some weight.

    Raises:
        BadInput: a kind that the data does not have.
    """
    missing = sorted(set(kinds) - set(table.kinds))
    if missing:
        raise BadInput(f"there is no event of kind {missing[0]!r}; the kinds are {', '.join(table.kinds)}")
    if not kinds:
        return table.weight > 0
    return np.isin(table.kind, [table.kinds.index(kind) for kind in kinds]) & (table.weight > 0)
