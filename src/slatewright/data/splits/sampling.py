"""Sampled negatives: right items ranked among a few drawn items instead of among all. On request only.

He et al. (Neural Collaborative Filtering, WWW 2017) rank one right item among 100. Such numbers flatter, and may order
two models wrongly (Krichene and Rendle, On Sampled Metrics for Item Recommendation, KDD 2020): they compare with papers
that do the same, and with nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.mixing import GOLDEN, mixed
from slatewright.data.dataset import Dataset
from slatewright.data.splits.cases import Cases, Pools
from slatewright.data.splits.fold import Fold, Split
from slatewright.data.splits.matching import also_in
from slatewright.data.splits.protocol import Protocol

UNIFORM, POPULARITY = "uniform", "popularity"


@dataclass(frozen=True)
class SampledNegatives:
    """Another split, whose right items are ranked among ``negatives`` drawn items that their user never took."""

    base: Split
    negatives: Annotated[int, Knob("items that each user's right items are ranked among, instead of all", least=1)] = (
        100
    )
    drawn: Annotated[
        str, Knob("how negatives are drawn: each item alike, or by its users", choices=(UNIFORM, POPULARITY))
    ] = UNIFORM
    rng: Annotated[int, Knob("seed of the draws", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        """The folds of the other split, and a pool for each case."""
        for fold in self.base.split(dataset):
            yield self.changed(fold)

    def changed(self, fold: Fold) -> Fold:
        """One fold with pools, its validation too; equal seeds draw equal items."""
        counts = np.bincount(fold.train.interactions.item, minlength=fold.train.n_items)
        weights = (counts > 0).astype(np.float64) if self.drawn == UNIFORM else counts.astype(np.float64)
        negatives = draw_negatives(fold.test, weights, self.negatives, self.rng)
        inner = None if fold.validation is None else self.changed(fold.validation)
        return replace(
            fold, test=with_pools(fold.test, negatives), validation=inner, protocol=self._label(fold.protocol)
        )

    def _label(self, protocol: Protocol) -> Protocol:
        knobs = {**protocol.knobs, "negatives": self.negatives, "drawn": self.drawn, "rng": self.rng}
        return replace(protocol, knobs=knobs, negatives=self.negatives, drawn=self.drawn)


def with_pools(cases: Cases, negatives: Pools) -> Cases:
    """The cases, each to be ranked among its right items and these negatives; a right item among them counts once.

    Of equal scores a negative comes first: a model that says the same of all items finds nothing.

    Raises:
        BadInput: there is not one pool per case.
    """
    if len(negatives.offsets) != len(cases) + 1:
        raise BadInput(f"there must be one pool per case, got {len(negatives.offsets) - 1} for {len(cases)} cases")
    kept = ~also_in(negatives.items, negatives.offsets, cases.relevant, cases.offsets)
    owner = np.repeat(np.arange(len(cases)), negatives.lengths())[kept]
    owners = np.concatenate([owner, np.repeat(np.arange(len(cases)), cases.n_relevant())])
    items = np.concatenate([negatives.items[kept], cases.relevant]).astype(np.int32)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(cases)))]).astype(np.int64)
    return replace(cases, pools=Pools(offsets, items[np.argsort(owners, kind="stable")]))


def draw_negatives(cases: Cases, weights: Array, n: int, rng: int) -> Pools:
    """``n`` distinct items per case by ``weights`` (n_items,), none that it had or should find, fewer if few are left.

    One after another, what was drawn before is drawn again; where that takes too long, all at once: the largest of
    ``log(u) / weight`` (Efraimidis and Spirakis 2006), which is the same draw.
    """
    drawn = np.zeros((len(cases), n), dtype=np.int32)
    counts = np.zeros(len(cases), dtype=np.int64)
    histories = cases.histories
    bounds = chunks_of(np.concatenate([[0], np.cumsum(20 * n + np.diff(histories.offsets))]))
    ladder = np.cumsum(weights)
    seen, starts = histories.items.astype(np.int32, copy=False), histories.offsets.astype(np.int64, copy=False)
    in_chunks(
        lambda low, high: _draw(
            seen, starts, cases.relevant, cases.offsets, weights, ladder, np.uint64(rng), low, high, drawn, counts
        ),
        bounds,
    )
    filled = np.arange(n) < counts[:, None]
    return Pools(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), drawn[filled])


@kernel()
def _draw(
    seen: Index,
    seen_at: Offsets,
    right: Index,
    right_at: Offsets,
    weights: Array,
    ladder: Array,
    seed: np.uint64,
    low: int,
    high: int,
    drawn: Index,
    counts: Offsets,
) -> None:
    n_items, n = len(weights), drawn.shape[1]
    taken = np.full(n_items, -1, dtype=np.int64)
    for case in range(low, high):
        for at in range(seen_at[case], seen_at[case + 1]):
            taken[seen[at]] = case
        for at in range(right_at[case], right_at[case + 1]):
            taken[right[at]] = case
        count, tries = 0, 0
        while count < n and tries < 20 * n and n_items:
            mark = _uniform(seed, np.uint64(case), np.uint64(tries)) * ladder[-1]
            item = min(np.searchsorted(ladder, mark, side="right"), n_items - 1)
            tries += 1
            if taken[item] != case and weights[item] > 0:
                taken[item] = case
                drawn[case, count] = item
                count += 1
        counts[case] = count if count == n else _draw_rest(taken, weights, seed, case, drawn, count)


@kernel()
def _draw_rest(taken: Offsets, weights: Array, seed: np.uint64, case: int, drawn: Index, count: int) -> int:
    """What is missing, at once; returns how many there are then."""
    free = np.flatnonzero((taken != case) & (weights > 0))
    keys = np.empty(len(free))
    for at in range(len(free)):
        keys[at] = -np.log(_uniform(~seed, np.uint64(case), np.uint64(free[at]))) / weights[free[at]]
    for item in free[np.argsort(keys)[: drawn.shape[1] - count]]:
        drawn[case, count] = item
        count += 1
    return count


@kernel(inline=True)
def _uniform(seed: np.uint64, case: np.uint64, item: np.uint64) -> float:
    """A number in (0, 1) for a seed, a case and an item."""
    bits = mixed(mixed(seed * np.uint64(0xD1342543DE82EF95) + case * GOLDEN + (item << np.uint64(1))))
    return (float(bits >> np.uint64(11)) + 0.5) / 9007199254740992.0
