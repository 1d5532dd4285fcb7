import numpy as np

from slatewright.pipeline import Candidates, TopK
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestTopK(StageKit):
    stage = TopK()


def test_ties_break_by_item_index() -> None:
    query = town_pipeline().query(Request(2, AS_OF))
    items = np.array([5, 3, 4, 1], dtype=np.int32)
    candidates = Candidates(items, np.array([1, 2, 1, 2], dtype=np.float32), np.zeros(4, dtype=np.int32))
    assert items[TopK().arrange(query, candidates)].tolist() == [1, 3, 4, 5]
