import numpy as np
import pytest

from slatewright.core.errors import BadKnob, NotThere
from slatewright.pipeline import BlendScore, Candidates
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestBlendScore(StageKit):
    stage = BlendScore({"taste": 1.0, "popular": 0.2})


def test_the_mark_is_the_weighted_sum_of_standardised_scores() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, AS_OF, "u000"))
    items = np.array([7, 2, 9, 4], dtype=np.int32)
    candidates = Candidates(items, np.zeros(4, dtype=np.float32), np.zeros(4, dtype=np.int32))
    bound = BlendScore({"taste": 2.0, "popular": -0.5}).bind(pipeline.world)
    parts = [pipeline.world.models[name].score(query.history)[0][items] for name in ("taste", "popular")]
    by_hand = [(part - part.mean()) / part.std() for part in parts]
    np.testing.assert_allclose(bound.mark(query, candidates), 2 * by_hand[0] - 0.5 * by_hand[1], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(sum(bound.parts(query, candidates).values()), bound.mark(query, candidates))


def test_a_model_that_says_the_same_of_all_adds_nothing() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, AS_OF, "u000"))
    one = Candidates(np.array([4], dtype=np.int32), np.zeros(1, dtype=np.float32), np.zeros(1, dtype=np.int32))
    assert BlendScore({"taste": 1.0}).bind(pipeline.world).mark(query, one).tolist() == [0.0]


@pytest.mark.parametrize("weights", [{}, {"taste": float("nan")}, {"taste": float("inf")}])
def test_weights_must_be_finite_and_at_least_one(weights: dict[str, float]) -> None:
    with pytest.raises(BadKnob, match=r"BlendScore\.weights must give a finite weight"):
        BlendScore(weights)


def test_a_model_that_the_recipe_lacks_is_named() -> None:
    with pytest.raises(NotThere, match="asks for the model 'nope'"):
        BlendScore({"nope": 1.0}).bind(town_pipeline().world)
