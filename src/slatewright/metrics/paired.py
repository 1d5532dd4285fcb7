"""Is a difference real? Paired tests over users, and what many of them at once are corrected to.

All tests take ``differences`` float64 (users, columns), one recommender's value minus another's for the same user, and
give two-sided p-values float64 (columns,): how often so large a mean would come out if the two were alike. A column
without any difference has p = 1. Smucker, Allan and Carterette (CIKM 2007) hold randomisation, bootstrap and t-test to
be fit for this; the signed-rank test asks about the median and is kept for those who must report it.
"""

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import stats

from slatewright.core.errors import BadInput
from slatewright.core.kernels import single_threaded_blas

PValues: TypeAlias = npt.NDArray[np.float64]
Differences: TypeAlias = npt.NDArray[np.float64]
PairedTest: TypeAlias = Callable[[Differences, np.random.Generator], PValues]
Correction: TypeAlias = Callable[[PValues], PValues]

FLIPS = 10_000
MANY_USERS = 20_000  # from here on the flipped means are normal for every purpose (central limit theorem)
_BLOCK = 1 << 22  # signs held at once


def randomisation(differences: Differences, rng: np.random.Generator) -> PValues:
    """Flip the sign of each user's difference at random, 10,000 times: were the two alike, either sign is as likely.

    Fisher's randomisation test. p = (1 + means at least as far from 0) / (1 + flips), never 0 (Phipson and Smyth 2010);
    its normal limit where there are more than 20,000 users.
    """
    columns = _checked(differences)
    if len(columns) > MANY_USERS:
        return _normal_limit(columns)
    sums = np.abs(columns.sum(axis=0))
    reached = np.zeros(columns.shape[1], dtype=np.int64)
    block = max(1, _BLOCK // len(columns))
    with single_threaded_blas():
        for begin in range(0, FLIPS, block):
            signs = rng.integers(0, 2, size=(min(block, FLIPS - begin), len(columns)), dtype=np.int8) * 2.0 - 1.0
            # Sums that are equal on paper may differ in the last digit.
            reached += (np.abs(signs @ columns) >= sums * (1 - 1e-12)).sum(axis=0)
    return np.asarray((1 + reached) / (1 + FLIPS), dtype=np.float64)


def _normal_limit(columns: Differences) -> PValues:
    spread = np.sqrt(np.square(columns).sum(axis=0))
    far = np.divide(np.abs(columns.sum(axis=0)), spread, out=np.zeros_like(spread), where=spread > 0)
    return np.asarray(2 * stats.norm.sf(far), dtype=np.float64)


def students_t(differences: Differences, rng: np.random.Generator) -> PValues:
    """Student's paired t-test (1908); draws nothing."""
    columns = _checked(differences)
    return _each(columns, lambda one: float(stats.ttest_1samp(one, 0.0).pvalue) if np.ptp(one) > 0 else _flat(one))


def signed_rank(differences: Differences, rng: np.random.Generator) -> PValues:
    """Wilcoxon's signed-rank test (1945), differences of 0 left out; draws nothing."""
    columns = _checked(differences)
    return _each(columns, lambda one: float(stats.wilcoxon(one).pvalue) if one.any() else 1.0)


def holm(p: PValues) -> PValues:
    """Holm (1979): the chance of even one false "real" among all stays below the level. In the order given."""
    order = np.argsort(p, kind="stable")
    scaled = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, scaled)
    return adjusted


def benjamini_hochberg(p: PValues) -> PValues:
    """Benjamini and Hochberg (1995): of all that is called real, at most this share is not. In the order given."""
    return np.asarray(stats.false_discovery_control(p, method="bh"), dtype=np.float64) if len(p) else p


def uncorrected(p: PValues) -> PValues:
    """As they are: right for one comparison that was chosen before looking."""
    return p


TESTS: Mapping[str, PairedTest] = {"randomisation": randomisation, "t": students_t, "signed-rank": signed_rank}
CORRECTIONS: Mapping[str, Correction] = {
    "holm": holm,
    "benjamini-hochberg": benjamini_hochberg,
    "none": uncorrected,
}


def _checked(differences: Differences) -> Differences:
    if differences.ndim != 2 or not len(differences):
        raise BadInput(
            f"a paired test needs differences (users, columns) of at least one user, got {differences.shape}"
        )
    if not np.isfinite(differences).all():
        raise BadInput("a paired test needs finite differences")
    return differences


def _each(columns: Differences, p_of: Callable[[Differences], float]) -> PValues:
    return np.array([p_of(column) for column in columns.T], dtype=np.float64)


def _flat(column: Differences) -> float:
    """All differences are the same: p is 1 where they are 0, else 0; one user alone tells nothing."""
    return 1.0 if len(column) == 1 or math.isclose(float(column[0]), 0.0, abs_tol=1e-15) else 0.0
