import numpy as np

from slatewright.pipeline import Candidates, Request
from slatewright.pipeline.orders.worth import best_of, unit, worth_of
from slatewright.testing.town import AS_OF, town_pipeline


def test_scores_are_brought_between_0_and_1() -> None:
    assert unit(np.array([3, 1, 2], dtype=np.float32)).tolist() == [1.0, 0.0, 0.5]
    assert unit(np.array([7, 7], dtype=np.float32)).tolist() == [1.0, 1.0]
    assert len(unit(np.empty(0, dtype=np.float32))) == 0


def test_the_worth_is_no_part_of_the_candidates() -> None:
    pool = Candidates(np.arange(2, dtype=np.int32), np.array([1, 0], np.float32), np.zeros(2, dtype=np.int32))
    worth = worth_of(town_pipeline().query(Request(1, AS_OF)), pool, ())
    worth[:] = 9
    assert pool.scores.tolist() == [1.0, 0.0]


def test_the_first_ones() -> None:
    pool = Candidates(np.arange(5, dtype=np.int32), np.ones(5, np.float32), np.zeros(5, dtype=np.int32))
    assert best_of(pool, 2).items.tolist() == [0, 1]
    assert best_of(pool, 5) is pool
