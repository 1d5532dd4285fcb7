import numpy as np
import pytest

from slatewright.data.histories import Histories
from slatewright.explain.marks import parts_of_marks
from slatewright.pipeline import Boost, Query
from slatewright.pipeline.running import run
from slatewright.testing.town import AS_OF, town, town_pipeline


def test_the_parts_add_up_to_the_marks() -> None:
    pipeline, query = town_pipeline(), Query(3, AS_OF, town().histories().one(0))
    trace = run(pipeline.stages, query).trace
    parts = parts_of_marks(pipeline.stages.marking(query), query, trace)
    assert set(parts) == {"taste", "together", "popular"}
    np.testing.assert_allclose(sum(parts.values()), trace.marks, atol=1e-5)


@pytest.mark.parametrize("has_score", [True, False])
def test_a_newcomer_and_a_recipe_without_a_score_have_none(has_score: bool) -> None:
    pipeline = town_pipeline()
    query = Query(3, AS_OF, Histories.of([[]] if has_score else [[0]]))
    trace = run(pipeline.stages, query).trace
    assert parts_of_marks(pipeline.stages.marking(query) if has_score else None, query, trace) == {}


def test_parts_of_other_marks_are_not_told() -> None:
    plain, query = town_pipeline(), Query(3, AS_OF, town().histories().one(0))
    pipeline = plain.ruled((Boost('category == "tea"', by=2, name="spring"),))
    trace = run(pipeline.stages, query).trace
    assert "spring" in parts_of_marks(pipeline.stages.marking(query), query, trace)
    assert parts_of_marks(plain.stages.marking(query), query, trace) == {}  # the rule was there then
    before = run(plain.stages, query).trace
    assert parts_of_marks(pipeline.stages.marking(query), query, before) == {}  # it came since
