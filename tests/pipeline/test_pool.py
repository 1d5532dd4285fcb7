import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.pipeline.contracts import Proposal
from slatewright.pipeline.pool import agreed, extended, one_after_another, within


def offers(*lists: list[int]) -> list[Proposal]:
    return [Proposal(np.array(items, dtype=np.int32), np.zeros(len(items), dtype=np.float32)) for items in lists]


def test_agreement_is_the_sum_of_reciprocal_ranks() -> None:
    pool = agreed(offers([7, 3], [3, 9], []))
    assert pool.items.tolist() == [3, 7, 9]
    np.testing.assert_allclose(pool.scores, [1 / 62 + 1 / 61, 1 / 61, 1 / 62], rtol=1e-6)
    assert pool.source.tolist() == [1, 0, 1]  # 3 is the first of the second source, the second of the first


def test_one_after_another_keeps_the_order_of_the_sources() -> None:
    pool = one_after_another(offers([7, 3], [3, 9, 1]))
    assert pool.items.tolist() == [7, 3, 9, 1]
    assert pool.source.tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(pool.scores, [1, 1 / 2, 1 / 3, 1 / 4])


def test_what_fills_the_pool_stands_behind_it() -> None:
    pool = extended(agreed(offers([7, 3])), np.array([5, 1], dtype=np.int32), 4)
    assert pool.items.tolist() == [3, 7, 5, 1]
    assert pool.source.tolist() == [0, 0, 4, 4]
    assert pool.scores[2] < pool.scores[:2].min()
    assert pool.scores[3] < pool.scores[2]


def test_no_sources_make_an_empty_pool() -> None:
    assert len(agreed([]).items) == len(one_after_another(offers([], [])).items) == 0
    assert extended(agreed([]), np.array([2], dtype=np.int32), 0).items.tolist() == [2]


def test_the_pool_knows_at_which_rank_each_source_proposed_an_item() -> None:
    proposals = offers([4, 2, 7], [7, 5])
    for pool in (agreed(proposals), one_after_another(proposals)):
        ranks = dict(zip(pool.items.tolist(), pool.ranks.T.tolist(), strict=True))
        assert ranks == {4: [1, 0], 2: [2, 0], 7: [3, 1], 5: [0, 2]}
        longer = extended(pool, np.array([9], dtype=np.int32), source=2)
        assert longer.ranks[:, -1].tolist() == [0, 0]
        np.testing.assert_array_equal(pool.take(np.array([3, 1])).ranks, pool.ranks[:, [3, 1]])


def test_a_pool_with_too_little_room_keeps_the_best_and_what_sources_are_owed() -> None:
    pool = agreed(offers([8, 2, 6], [2, 6, 4], [5, 9]))
    scores = dict(zip(pool.items.tolist(), pool.scores.tolist(), strict=True))
    best = sorted(scores, key=lambda item: (-scores[item], item))
    assert pool.items[within(pool, 3, [0, 0, 0])].tolist() == sorted(best[:3])
    assert pool.items[within(pool, 3, [0, 0, 2])].tolist() == sorted([best[0], 5, 9])
    assert pool.items[within(pool, 1, [1, 1, 2])].tolist() == [2]  # owed by the second, and the best of those owed
    assert len(within(pool, 99, [1, 0, 0])) == 6


@given(st.lists(st.lists(st.integers(0, 30), unique=True, max_size=12), max_size=5))
def test_agreement_is_what_a_dictionary_counts(lists: list[list[int]]) -> None:
    pool, total, best = agreed(offers(*lists)), dict[int, float](), dict[int, tuple[int, int]]()
    for source, items in enumerate(lists):
        for rank, item in enumerate(items, start=1):
            total[item] = total.get(item, 0) + 1 / (60 + rank)
            best[item] = min(best.get(item, (99, 99)), (rank, source))
    assert pool.items.tolist() == sorted(total)
    np.testing.assert_allclose(pool.scores, [total[item] for item in sorted(total)], rtol=1e-6)
    assert pool.source.tolist() == [best[item][1] for item in sorted(total)]
