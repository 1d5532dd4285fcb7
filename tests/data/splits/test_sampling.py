"""Sampled negatives: drawn as asked, never what the user had."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.data.splits import GlobalTime, LastN, SampledNegatives
from slatewright.data.splits.cases import Pools
from slatewright.data.splits.sampling import draw_negatives, with_pools

ROWS = [
    (f"u{u:03}", f"i{i:02}", t) for u in range(300) for t, i in enumerate(np.random.default_rng(u).permutation(60)[:8])
]
DATASET = dataset_of(pl.DataFrame(ROWS, schema=["user_id", "item_id", "time"], orient="row"))
FOLD = next(SampledNegatives(LastN(2), negatives=20).split(DATASET))


def test_each_case_has_its_right_items_and_as_many_negatives_as_asked() -> None:
    pools = FOLD.test.pools
    assert pools is not None
    for case in range(len(FOLD.test)):
        pool = pools.items[pools.offsets[case] : pools.offsets[case + 1]]
        right = FOLD.test.relevant_of(case)
        assert len(set(pool.tolist())) == len(pool) == 20 + len(right)
        assert pool[20:].tolist() == right.tolist()  # of equal scores a negative comes first
        assert not set(pool.tolist()) & set(FOLD.test.histories.items_of(case).tolist())


def test_it_is_labelled_and_so_is_its_validation() -> None:
    assert (FOLD.protocol.name, FOLD.protocol.negatives, FOLD.protocol.drawn) == ("last-n", 20, "uniform")
    assert FOLD.protocol.knobs["n"] == 2
    assert FOLD.validation is not None
    assert FOLD.validation.protocol.negatives == 20
    assert FOLD.validation.test.pools is not None


def test_equal_seeds_draw_equal_items_and_others_draw_others() -> None:
    pools = [next(SampledNegatives(LastN(2), 20, rng=seed).split(DATASET)).test.pools for seed in (0, 0, 1)]
    first, same, other = (one.items for one in pools if one is not None)
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("n", [3, 50])
def test_items_are_drawn_by_their_weight(n: int) -> None:
    """Against NumPy's own draws without replacement: each item about as often, whichever way is taken."""
    cases = next(GlobalTime(at="1970-01-01T00:00:00.000004").split(DATASET)).test
    weights = np.where(np.arange(60) < 30, 1.0, 4.0)
    often = np.zeros(60)
    for seed in range(20):
        often += np.bincount(draw_negatives(cases, weights, n, seed).items, minlength=60)
    rng, theirs = np.random.default_rng(0), np.zeros(60)
    for _ in range(20):
        for case in range(len(cases)):
            had = np.r_[cases.histories.items_of(case), cases.relevant_of(case)]
            chance = weights.copy()
            chance[had] = 0
            take = min(n, int(np.count_nonzero(chance)))
            theirs[rng.choice(60, take, replace=False, p=chance / chance.sum())] += 1
    assert np.abs(often[:30].mean() / theirs[:30].mean() - 1) < 0.03
    assert np.abs(often[30:].mean() / theirs[30:].mean() - 1) < 0.03


def test_where_few_are_left_all_of_them_are_drawn_and_items_of_weight_0_never() -> None:
    weights = np.zeros(60)
    weights[:10] = 1
    pools = draw_negatives(FOLD.test, weights, 30, 0)
    assert pools.items.max() < 10
    had = [np.r_[FOLD.test.histories.items_of(c), FOLD.test.relevant_of(c)] for c in range(len(FOLD.test))]
    assert pools.lengths().tolist() == [10 - len(set(one[one < 10].tolist())) for one in had]


def test_pools_of_a_file_and_a_right_item_among_them() -> None:
    right = FOLD.test.relevant_of(0)
    one = FOLD.test.take(np.array([0]))
    cases = with_pools(one, Pools(np.array([0, 3]), np.array([right[0], 1, 2], np.int32)))
    assert cases.pools is not None
    assert cases.pools.items.tolist() == [1, 2, *right.tolist()]
    with pytest.raises(BadInput, match="one pool per case, got 1 for 300 cases"):
        with_pools(FOLD.test, Pools(np.array([0, 1]), np.zeros(1, np.int32)))


def test_knobs_are_checked() -> None:
    with pytest.raises(BadKnob, match="negatives must be >= 1"):
        SampledNegatives(LastN(), negatives=0)
    with pytest.raises(BadKnob, match="drawn must be one of 'uniform', 'popularity'"):
        SampledNegatives(LastN(), drawn="cleverly")
    popular = next(SampledNegatives(LastN(2), 5, drawn="popularity").split(DATASET))
    assert popular.protocol.drawn == "popularity"
