import numpy as np

from slatewright.pipeline import ExcludeFilter
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestExcludeFilter(StageKit):
    stage = ExcludeFilter()


def test_it_drops_what_the_request_excludes_and_nothing_else() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, AS_OF, exclude=("i003", "no such item", "i007")))
    keep = ExcludeFilter().bind(pipeline.world).keep(query, np.arange(25, dtype=np.int32))
    assert np.flatnonzero(~keep).tolist() == [3, 7]
