"""Which groups fare worse than the rest, and how much is lost there; every group tested, all of them corrected for.

A value belongs to a row (a user, a rating) and a row to an owner (a user): values of one owner are not independent, so
the error of a group's mean is that of its owners' sums (Liang and Zeger: Longitudinal Data Analysis Using Generalized
Linear Models, Biometrika 1986). Groups are one label or two together, as slice finders do (Chung et al.: Slice Finder,
ICDE 2019; Sagadeeva and Boehm: SliceLine, SIGMOD 2021).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated, TypeAlias, TypeVar

import numpy as np
import polars as pl
from scipy import stats

from slatewright.core.arrays import Array, Frame, Index, Offsets
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.metrics.bootstrap import Interval
from slatewright.metrics.paired import CORRECTIONS
from slatewright.metrics.ranking import PerUser

T = TypeVar("T")
FURTHER = 1.5  # times as far off as one label alone: the second one tells something
Labels: TypeAlias = tuple[tuple[str, str], ...]  # column and label, one or two


@dataclass(frozen=True)
class Slicing:
    """Which groups are looked at, and when one is called apart."""

    least: Annotated[int, Knob("a group of fewer owners is not looked at", least=2)] = 20
    labels_at_once: Annotated[int, Knob("groups by one label, or by two together too", least=1, most=2)] = 2
    most_labels: Annotated[int, Knob("labels of one column that are looked at, the largest groups first", least=2)] = 12
    level: Annotated[float, Knob("how sure a group must be to be called apart", above=0.5, below=1.0)] = 0.95
    correction: Annotated[str, Knob("what many groups are corrected by", choices=tuple(CORRECTIONS))] = (
        "benjamini-hochberg"
    )

    def __post_init__(self) -> None:
        check_knobs(self)


@dataclass(frozen=True, slots=True)
class Slice:
    """One group: ``labels`` by column, how many ``rows`` and ``owners``, its ``mean`` and that of all the ``others``.

    ``apart`` is the group's mean minus that of the others with its interval; ``adjusted`` the corrected p; ``real``: it
    is below 1 minus the level. ``lost`` is what the group's rows would gain in sum if they fared as the others.
    """

    labels: Labels
    rows: int
    owners: int
    mean: float
    others: float
    apart: Interval
    p: float
    adjusted: float
    real: bool

    @property
    def lost(self) -> float:
        return max(0.0, -self.apart.value) * self.rows

    @property
    def name(self) -> str:
        """``country: NL, history: 1 to 4``."""
        return ", ".join(f"{column}: {label}" for column, label in self.labels)


def worst(groups: Iterable[Slice], *, sure: bool = False) -> list[Slice]:
    """Groups that lose something (``sure``: beyond chance), in their order, without mere parts of one another."""
    losing = [one for one in groups if one.lost > 0 and (one.real or not sure)]
    return without_parts(losing, lambda one: one.labels, lambda one: -one.apart.value)


def without_parts(groups: Sequence[T], labels: Callable[[T], Labels], off: Callable[[T], float]) -> list[T]:
    """Without groups of two labels that are not ``off`` much further than each of the two alone: mere parts of it."""
    alone = {labels(one): off(one) for one in groups if len(labels(one)) == 1}

    def adds(one: T) -> bool:
        return len(labels(one)) == 1 or all(off(one) >= FURTHER * alone.get((label,), 0.0) for label in labels(one))

    return [one for one in groups if adds(one)]


def slices(values: PerUser, labels: Frame, owners: Offsets, how: Slicing | None = None) -> tuple[Slice, ...]:
    """Every group of the rows that is large enough, the one where most is lost first.

    ``values`` float64 (rows,), higher is better; ``labels`` String columns (rows,), null: in no group of that column;
    ``owners`` int (rows,), from 0.

    Raises:
        BadInput: the lengths differ, or a value is not finite.
    """
    how = how or Slicing()
    if not len(values) == len(labels) == len(owners) and labels.width:
        raise BadInput(
            f"values, labels and owners must be equally many, got {len(values)}, {len(labels)}, {len(owners)}"
        )
    if not np.isfinite(values).all():
        raise BadInput(f"values to slice must be finite, {int((~np.isfinite(values)).sum())} are not")
    found = [
        one for columns in _columns(labels, how) for one in _of(values, [labels[name] for name in columns], owners, how)
    ]
    adjusted = CORRECTIONS[how.correction](np.array([one.p for one in found]))
    sure = (_with(one, float(p), how.level) for one, p in zip(found, adjusted, strict=True))
    return tuple(sorted(sure, key=lambda one: (-one.lost, len(one.labels), one.labels)))


def _columns(labels: Frame, how: Slicing) -> Iterator[Sequence[str]]:
    telling = [name for name in labels.columns if labels[name].n_unique() > 1]  # one label for all says nothing
    for n in range(1, how.labels_at_once + 1):
        yield from combinations(telling, n)


def _of(values: PerUser, columns: Sequence[pl.Series], owners: Offsets, how: Slicing) -> Iterator[Slice]:
    """The groups of one column, or of two crossed."""
    groups, named = _crossed(columns, how.most_labels)
    shares = _shares(values, groups, owners, len(named))
    for at in np.flatnonzero((shares.owners >= how.least) & (shares.rows < len(values))):
        mean, others = float(shares.mean[at]), float(shares.others[at])
        apart, p = _tested(mean - others, float(shares.error[at]), int(shares.owners[at]), how.level)
        yield Slice(named[at], int(shares.rows[at]), int(shares.owners[at]), mean, others, apart, p, p, False)


@dataclass(frozen=True, slots=True)
class _Shares:
    """Per group: rows, owners, mean, the mean of the others, and the standard error of the difference."""

    rows: Offsets
    owners: Offsets
    mean: PerUser
    others: PerUser
    error: PerUser


def _shares(values: PerUser, groups: Index, owners: Offsets, n_groups: int) -> _Shares:
    """What each group has of each owner, summed up without a loop over groups."""
    sums, counts = np.bincount(owners, values), np.bincount(owners)
    inside = groups >= 0
    pairs, of = np.unique(groups[inside].astype(np.int64) * len(counts) + owners[inside], return_inverse=True)
    group, owner = np.divmod(pairs, max(1, len(counts)))
    mine, mine_counts = np.bincount(of, values[inside], minlength=len(pairs)), np.bincount(of, minlength=len(pairs))
    rows = np.bincount(group, mine_counts, minlength=n_groups)
    total = np.bincount(group, mine, minlength=n_groups)
    mean = total / np.maximum(rows, 1)
    others = (values.sum() - total) / np.maximum(len(values) - rows, 1)
    n_inside = np.bincount(group, minlength=n_groups)
    square = np.bincount(group, (mine - mine_counts * mean[group]) ** 2, minlength=n_groups)
    # All owners as if outside of the group, then those that are partly or wholly in it put right.
    m = others[group]
    rest = (sums @ sums) - 2 * others * (sums @ counts) + others**2 * (counts @ counts)
    left, left_counts = sums[owner] - mine, counts[owner] - mine_counts
    change = (left - left_counts * m) ** 2 - (sums[owner] - counts[owner] * m) ** 2
    rest = np.maximum(0.0, rest + np.bincount(group, change, minlength=n_groups))
    n_outside = (counts > 0).sum() - np.bincount(group[left_counts == 0], minlength=n_groups)
    spread = clustered_variance(square, n_inside, rows) + clustered_variance(rest, n_outside, len(values) - rows)
    return _Shares(rows.astype(np.int64), n_inside, mean, others, np.sqrt(spread))


def clustered_variance(squares: Array, owners: Array, rows: Array) -> PerUser:
    """Of a mean whose rows belong to owners, from the ``squares`` of what each owner's rows are off in sum."""
    return np.asarray(squares * owners / np.maximum(owners - 1, 1) / np.maximum(rows, 1) ** 2, dtype=np.float64)


def _crossed(columns: Sequence[pl.Series], most: int) -> tuple[Index, list[Labels]]:
    """The group of every row, -1 outside of all, and the labels of each group."""
    groups, named = _coded(columns[0], most)
    for column in columns[1:]:
        codes, labels = _coded(column, most)
        inside = (groups >= 0) & (codes >= 0)
        groups = np.where(inside, groups * len(labels) + codes, -1)
        named = [one + other for one in named for other in labels]
    return groups, named


def _coded(column: pl.Series, most: int) -> tuple[Index, list[Labels]]:
    counts = column.drop_nulls().value_counts(sort=True).sort("count", column.name, descending=[True, False])
    kept = counts[column.name].head(most).to_list()
    codes = column.replace_strict(kept, range(len(kept)), default=-1, return_dtype=pl.Int64).fill_null(-1)
    return codes.to_numpy(), [((column.name, label),) for label in kept]


def _tested(apart: float, error: float, owners: int, level: float) -> tuple[Interval, float]:
    if error <= 1e-12 * max(1.0, abs(apart)):  # no spread but that of rounding
        return Interval(apart, apart, apart), 1.0 if abs(apart) < 1e-12 else 0.0
    reach = float(stats.t.ppf((1 + level) / 2, owners - 1)) * error
    return Interval(apart, apart - reach, apart + reach), float(2 * stats.t.sf(abs(apart) / error, owners - 1))


def _with(one: Slice, adjusted: float, level: float) -> Slice:
    return Slice(
        one.labels, one.rows, one.owners, one.mean, one.others, one.apart, one.p, adjusted, adjusted < 1 - level
    )
