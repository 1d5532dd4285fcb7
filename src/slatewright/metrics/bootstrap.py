"""How sure a number is: bootstrap intervals over users."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Array, Index, Mask, Offsets
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel, single_threaded_blas
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import generator
from slatewright.metrics.places import exposures

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
        """An interval for the mean of each column of ``values`` (users, columns), see ``means_of``."""
        return self.means_of(values.T)

    def means_of(self, columns: Sequence[npt.NDArray[np.float64]] | npt.NDArray[np.float64]) -> list[Interval]:
        """An interval for the mean of each of some columns, all float64 (users,).

        NaN: a user of whom the column says nothing, who is not counted in it. More than 16,384 users are dealt to that
        many groups at random, and groups are drawn: as sure, and no slower for a million users.

        Raises:
            BadInput: there are no users, or a column has a number for none of them.
        """
        if not len(columns):
            return []
        sums, counts = self._groups(columns)
        told = counts.sum(axis=0)
        if not told.all():
            raise BadInput("a mean needs at least one user with a number, got none")
        with single_threaded_blas():  # small products: more threads would only wait for each other
            draws = np.concatenate([_draw_means(times, sums, counts) for times in self._batches(len(sums))])
        means = sums.sum(axis=0) / told
        return [self._interval(float(v), d[~np.isnan(d)]) for v, d in zip(means, draws.T, strict=True)]

    def _groups(self, columns: Sequence[npt.NDArray[np.float64]] | npt.NDArray[np.float64]) -> tuple[Array, Array]:
        """Sums and counts of each group of users, both float64 (groups, columns); one column of counts if all agree."""
        n = len(columns[0])
        of_user = np.arange(n) if n <= GROUPS else generator(self.rng).permutation(n) % GROUPS
        sums, counts = np.zeros((2, len(columns), min(n, GROUPS)))

        def add_up(begin: int, end: int) -> None:
            for at in range(begin, end):
                _add_up(np.ascontiguousarray(columns[at], dtype=np.float64), of_user, sums[at], counts[at])

        in_chunks(add_up, equal_chunks(len(columns), n))
        return sums.T, counts[:1].T if (counts == counts[0]).all() else counts.T

    def _batches(self, n: int) -> Iterator[Array]:
        """The draws in batches, float64 (draws, n): one product of matrices for each batch."""
        draws = self._draws(n, n)
        while batch := list(islice(draws, BATCH)):
            yield np.stack(batch).astype(np.float64)

    def statistic(self, users: int, of: Callable[[Offsets], float], *, among: int | None = None) -> Interval:
        """An interval for any number; ``of`` is told how often each user was drawn, int64 (users,).

        Where the number depends on the first ``among`` users only, ``of`` is told of these alone: as if all had been
        drawn.

        The draws are shifted to centre on the value itself: a draw holds only about 63 % of the users, so a number
        that grows with the users seen (coverage) would be too small in every draw.
        """
        among = users if among is None else among
        value = of(np.ones(among, dtype=np.int64))
        draws = np.array([of(times) for times in self._draws(users, among)])
        return self._interval(value, draws + (value - draws.mean()))

    def _draws(self, users: int, among: int) -> Iterator[Offsets]:
        """How often each of the first ``among`` users was drawn, int64 (among,), once per draw of all users."""
        rng = generator(self.rng)
        for _ in range(self.resamples):
            size = users if among == users else rng.binomial(users, among / users)
            yield np.bincount(rng.integers(among, size=size), minlength=among) if among else np.zeros(0, np.int64)

    def _interval(self, value: float, draws: npt.NDArray[np.float64]) -> Interval:
        outside = (1 - self.level) / 2
        low, high = np.quantile(draws, [outside, 1 - outside])
        return Interval(value, float(low), float(high))


@kernel()
def _add_up(column: Any, of_user: Any, sums: Any, counts: Any) -> None:
    for user in range(len(column)):
        if not np.isnan(column[user]):
            sums[of_user[user]] += column[user]
            counts[of_user[user]] += 1


def _draw_means(times: Array, sums: Array, counts: Array) -> Array:
    """The mean of each column in each draw, (draws, columns); NaN where nobody who has a number was drawn."""
    drawn = times @ counts
    means: Array = np.full((len(times), sums.shape[1]), np.nan)
    np.divide(times @ sums, drawn, out=means, where=drawn > 0)
    return means


ALWAYS_DRAWN = 40  # an item that this many lists show is missing from a draw once in e^40


def coverage_interval(lists: Index, counts: Offsets, n_items: int, bootstrap: Bootstrap) -> Interval:
    """The share of the catalogue that at least one list shows, with its interval."""
    shown = exposures(lists, counts, n_items)
    often, rare = shown >= ALWAYS_DRAWN, (shown > 0) & (shown < ALWAYS_DRAWN)
    owner, items = _places_of(rare, lists, counts)  # only these places differ between draws
    showing, owner = np.unique(owner, return_inverse=True)

    def share(times: Offsets) -> float:
        drawn = often.copy()
        drawn[items[times[owner] > 0]] = True
        return float(drawn.mean())

    interval = bootstrap.statistic(len(lists), share, among=len(showing))
    return Interval(interval.value, max(0.0, interval.low), min(1.0, interval.high))


def _places_of(some: Mask, lists: Index, counts: Offsets) -> tuple[Offsets, Index]:
    """The places that show some of the items: their lists int64 (places,), and their items int32 (places,)."""
    if not some.any():
        return np.empty(0, np.int64), np.empty(0, np.int32)
    filled: Mask = np.arange(lists.shape[1]) < counts[:, None]
    filled &= some[np.where(filled, lists, 0)]
    return np.nonzero(filled)[0], lists[filled]
