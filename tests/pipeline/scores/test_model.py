import numpy as np

from slatewright.pipeline import Candidates, ModelScore
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestModelScore(StageKit):
    stage = ModelScore("together")


def test_the_mark_is_the_word_of_the_model() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, AS_OF, "u000"))
    items = np.array([7, 2, 9], dtype=np.int32)
    candidates = Candidates(items, np.zeros(3, dtype=np.float32), np.zeros(3, dtype=np.int32))
    marks = ModelScore("together").bind(pipeline.world).mark(query, candidates)
    np.testing.assert_allclose(marks, pipeline.world.models["together"].score(query.history)[0][items], rtol=1e-5)
