import numpy as np

from slatewright.pipeline.contracts import Proposal
from slatewright.pipeline.pool import agreed, extended, one_after_another


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
