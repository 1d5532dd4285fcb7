import numpy as np
import pytest

from slatewright.pipeline import CategoryFilter
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline

EVEN, ODD = set(range(0, 25, 2)), set(range(1, 25, 2))


class TestCategoryFilter(StageKit):
    stage = CategoryFilter()


@pytest.mark.parametrize(
    ("wanted", "unwanted", "kept"),
    [
        (None, set(), EVEN | ODD),
        ({"tea"}, set(), EVEN),
        ({"tea", "coffee"}, set(), EVEN | ODD),
        ({"tea", "coffee"}, {"tea"}, ODD),
        (None, {"tea"}, ODD),
        ({"tea"}, {"tea"}, set()),
        ({"beer"}, set(), set()),
        (None, {"beer"}, EVEN | ODD),
        (set(), set(), set()),
    ],
)
def test_it_keeps_the_wanted_without_the_unwanted(wanted: set[str] | None, unwanted: set[str], kept: set[int]) -> None:
    pipeline = town_pipeline()
    categories = None if wanted is None else frozenset(wanted)
    request = Request(5, AS_OF, categories=categories, exclude_categories=frozenset(unwanted))
    keep = CategoryFilter().bind(pipeline.world).keep(pipeline.query(request), np.arange(25, dtype=np.int32))
    assert set(np.flatnonzero(keep)) == kept
