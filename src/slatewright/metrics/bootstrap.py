"""How sure a number is: bootstrap intervals over users."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Array, Index, Mask, Offsets
from slatewright.core.errors import BadInput
from slatewright.core.kernels import single_threaded_blas
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import generator

GROUPS = 1 << 14  # users beyond this many are drawn in groups
BATCH = 32  # draws that are made at once


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

        NaN: a user of whom the column says nothing, who is not counted in it. More than 16,384 users are dealt to that
        many groups at random, and groups are drawn: as sure, and no slower for a million users.

        Raises:
            BadInput: there are no users, or a column has a number for none of them.
        """
        said = ~np.isnan(values)
        if not len(values) or not said.any(axis=0).all():
            raise BadInput("a mean needs at least one user with a number, got none")
        n = self._groups(values, said)
        with single_threaded_blas():  # small products: more threads would only wait for each other
            draws = np.concatenate([_draw_means(times, *n) for times in self._batches(len(n[0]))])
        means = np.where(said, values, 0.0).sum(axis=0) / said.sum(axis=0)
        return [self._interval(float(v), d[~np.isnan(d)]) for v, d in zip(means, draws.T, strict=True)]

    def _groups(self, values: npt.NDArray[np.float64], said: Mask) -> tuple[Array, Array]:
        """Sums and counts of each group of users, both float64 (groups, columns); one column of counts if all agree."""
        sums, counts = np.where(said, values, 0.0), said.astype(np.float64)
        if said.all():
            counts = counts[:, :1]
        if len(values) <= GROUPS:
            return sums, counts
        order = generator(self.rng).permutation(len(values))
        starts = np.linspace(0, len(values), GROUPS, endpoint=False).astype(np.int64)
        return np.add.reduceat(sums[order], starts), np.add.reduceat(counts[order], starts)

    def _batches(self, n: int) -> Iterator[Array]:
        """The draws in batches, float64 (draws, n): one product of matrices for each batch."""
        draws = self._draws(n)
        while batch := list(islice(draws, BATCH)):
            yield np.stack(batch).astype(np.float64)

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


def _draw_means(times: Array, sums: Array, counts: Array) -> Array:
    """The mean of each column in each draw, (draws, columns); NaN where nobody who has a number was drawn."""
    drawn = times @ counts
    means: Array = np.full((len(times), sums.shape[1]), np.nan)
    np.divide(times @ sums, drawn, out=means, where=drawn > 0)
    return means


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
