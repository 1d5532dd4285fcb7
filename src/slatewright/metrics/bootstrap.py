"""How sure a number is: bootstrap intervals over users."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.core.errors import BadInput
from slatewright.core.kernels import single_threaded_blas
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import generator


@dataclass(frozen=True, slots=True)
class Interval:
    """A measured value and the range that would hold the true one."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Bootstrap:
    """Percentile bootstrap (Efron 1979): the users are drawn again, with replacement, many times.

    Everything measured in one call shares its draws, so the difference of two columns is a paired one.
    """

    resamples: Annotated[int, Knob("how often the users are drawn again", least=20)] = 1000
    level: Annotated[float, Knob("how often the interval holds the true value", above=0.0, below=1.0)] = 0.95
    rng: Annotated[int, Knob("seed of the draws", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def means(self, values: npt.NDArray[np.float64]) -> list[Interval]:
        """An interval for the mean of each column of ``values`` (users, columns).

        Raises:
            BadInput: there are no users.
        """
        if not len(values):
            raise BadInput("a mean needs at least one user, got none")
        columns = np.ascontiguousarray(values.T)  # (columns, users)
        with single_threaded_blas():  # small products: more threads would only wait for each other
            draws = np.stack([columns @ times.astype(np.float64) for times in self._draws(len(values))]) / len(values)
        return [self._interval(float(v), d) for v, d in zip(values.mean(axis=0), draws.T, strict=True)]

    def statistic(self, users: int, of: Callable[[Offsets], float]) -> Interval:
        """An interval for any number; ``of`` is told how often each user was drawn, int64 (users,).

        The draws are shifted to centre on the value itself: a draw holds only about 63 % of the users, so a number
        that grows with the users seen (coverage) would be too small in every draw.
        """
        value = of(np.ones(users, dtype=np.int64))
        draws = np.array([of(times) for times in self._draws(users)])
        return self._interval(value, draws + (value - draws.mean()))

    def _draws(self, users: int) -> Iterator[Offsets]:
        rng = generator(self.rng)
        for _ in range(self.resamples):
            yield np.bincount(rng.integers(users, size=users), minlength=users)

    def _interval(self, value: float, draws: npt.NDArray[np.float64]) -> Interval:
        outside = (1 - self.level) / 2
        low, high = np.quantile(draws, [outside, 1 - outside])
        return Interval(value, float(low), float(high))


ALWAYS_DRAWN = 40  # an item that this many lists show is missing from a draw once in e^40


def coverage_interval(lists: Index, counts: Offsets, n_items: int, bootstrap: Bootstrap) -> Interval:
    """The share of the catalogue that at least one list shows, with its interval."""
    filled: Mask = np.arange(lists.shape[1]) < counts[:, None]
    often = np.bincount(lists[filled], minlength=n_items) >= ALWAYS_DRAWN
    rare = filled & ~often[np.where(filled, lists, 0)]  # only these places differ between draws
    owner, items = np.nonzero(rare)[0], lists[rare]

    def share(times: Offsets) -> float:
        shown = often.copy()
        shown[items[times[owner] > 0]] = True
        return float(shown.mean())

    interval = bootstrap.statistic(len(lists), share)
    return Interval(interval.value, max(0.0, interval.low), min(1.0, interval.high))
