import numpy as np
import pytest

from slatewright.pipeline import MMR, Candidates
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestMMRByCategory(StageKit):
    stage = MMR(relevance=0.5)


class TestMMRByFactors(StageKit):
    stage = MMR(relevance=0.5, model="taste")


class TestMMRByPairs(StageKit):
    stage = MMR(relevance=0.5, model="together")


class TestMMRWithoutVariety(StageKit):
    stage = MMR(relevance=1.0, model="together")


def _pool() -> Candidates:
    """Three teas on top, then three coffees."""
    items = np.array([0, 2, 4, 1, 3, 5], dtype=np.int32)
    return Candidates(items, np.array([6, 5, 4, 3, 2, 1], dtype=np.float32), np.zeros(6, dtype=np.int32))


@pytest.mark.parametrize(
    ("relevance", "expected"),
    [(1.0, [0, 2, 4, 1]), (0.5, [0, 1, 2, 4]), (0.0, [0, 1, 2, 4])],
)
def test_variety_by_category_by_hand(relevance: float, expected: list[int]) -> None:
    # worth: 1, .8, .6, .4, .2, 0 times relevance; a second tea or coffee costs 1 - relevance
    query = town_pipeline().query(Request(4, AS_OF))
    chosen = MMR(relevance=relevance).bind(town_pipeline().world).arrange(query, _pool())
    assert _pool().items[chosen].tolist() == expected


def test_only_the_first_ones_are_chosen_from() -> None:
    query = town_pipeline().query(Request(4, AS_OF))
    chosen = MMR(relevance=0.0, depth=3).bind(town_pipeline().world).arrange(query, _pool())
    assert sorted(chosen.tolist()) == [0, 1, 2]
