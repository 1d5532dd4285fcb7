import numpy as np

from slatewright.pipeline import UnavailableFilter
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestUnavailableFilter(StageKit):
    stage = UnavailableFilter()


def test_it_drops_what_the_facts_say_is_sold_out() -> None:
    pipeline = town_pipeline()
    keep = (
        UnavailableFilter().bind(pipeline.world).keep(pipeline.query(Request(5, AS_OF)), np.arange(25, dtype=np.int32))
    )
    assert np.flatnonzero(~keep).tolist() == [23]
