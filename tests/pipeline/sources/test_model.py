import pytest

from slatewright.core.errors import BadKnob, NotThere
from slatewright.pipeline import ModelSource
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestModelSource(StageKit):
    stage = ModelSource("taste", limit=3)


def test_it_proposes_the_best_of_the_model_beyond_the_history() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(3, AS_OF, "u000"))
    proposal = ModelSource("taste", limit=3).bind(pipeline.world).propose(query)
    scores = pipeline.world.models["taste"].score(query.history)[0]
    assert len(proposal.items) == 3 + len(query.history.items)
    assert list(proposal.items) == sorted(range(25), key=lambda item: (-scores[item], item))[: len(proposal.items)]


def test_a_model_that_the_recipe_lacks_is_named() -> None:
    with pytest.raises(NotThere, match=r"ModelSource\('tast'\) asks for the model 'tast'; .* popular, taste, together"):
        ModelSource("tast").bind(town_pipeline().world)


def test_the_limit_is_a_knob() -> None:
    with pytest.raises(BadKnob, match=r"ModelSource\.limit must be >= 1, got 0"):
        ModelSource("taste", limit=0)
