import numpy as np
import pytest

from slatewright.core.errors import BadInput
from slatewright.models.rankers import RankingTable
from tests.models.rankers.worlds import questions


def table(offsets: list[int], taken: list[int]) -> RankingTable:
    n = len(taken)
    values = np.arange(n, dtype=np.float32)[:, None]
    ones = np.ones(n, dtype=np.float32)
    return RankingTable(("a",), values, np.array(offsets, dtype=np.int64), np.array(taken, dtype=np.bool_), ones)


def test_only_questions_with_right_and_wrong_teach() -> None:
    found = table([0, 2, 2, 4, 6, 7, 7], [1, 0, 1, 1, 0, 1, 0]).teaching()
    np.testing.assert_array_equal(found.offsets, [0, 2, 4])
    np.testing.assert_array_equal(found.values[:, 0], [0, 1, 4, 5])


def test_no_question_teaches_nothing() -> None:
    assert len(table([0], []).teaching()) == 0


def test_questions_are_taken_in_the_order_asked_for() -> None:
    found = table([0, 1, 3], [1, 0, 1]).take(np.array([1, 0]))
    np.testing.assert_array_equal(found.values[:, 0], [1, 2, 0])
    np.testing.assert_array_equal(found.offsets, [0, 2, 3])


def test_shapes_that_do_not_fit_are_refused() -> None:
    good = questions(n=2)
    with pytest.raises(BadInput, match="ranking table"):
        RankingTable(good.names[:-1], good.values, good.offsets, good.taken, good.weights)
    with pytest.raises(BadInput, match="ranking table"):
        RankingTable(good.names, good.values, good.offsets[:-1], good.taken, good.weights)
