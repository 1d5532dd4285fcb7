import numpy as np
import pytest

from slatewright.explain.of_slates import LENGTH, NO_PARTS, importance_of_models
from slatewright.pipeline import BlendScore, ModelScore, Pipeline, Query, World
from slatewright.pipeline.contracts import Candidates, Score
from slatewright.testing.town import AS_OF, town, town_pipeline, town_recipe


def test_the_mean_size_is_what_a_hand_adds_up() -> None:
    pipeline, one = town_pipeline(), town().histories().one(0)
    found = importance_of_models(pipeline, one)
    outcome = pipeline.stages.score
    assert outcome is not None
    slate = pipeline.answer(Query(LENGTH, AS_OF, one))
    assert found.answers == len(slate.items)
    sums = {one.name: one.importance for one in found.of["model"]}
    assert set(sums) == {"taste", "together", "popular"}
    assert sum(sums.values()) >= np.mean([abs(placed.score) for placed in slate.items])


def test_a_model_of_no_weight_counts_nothing_and_the_only_one_counts_all() -> None:
    blend = Pipeline.fit(town_recipe(score=BlendScore({"taste": 1.0, "popular": 0.0})), town())
    found = {one.name: one.share for one in importance_of_models(blend, town().histories()).of["model"]}
    assert found == {"taste": 1.0, "popular": 0.0}
    alone = Pipeline.fit(town_recipe(score=ModelScore("together")), town())
    assert [one.name for one in importance_of_models(alone, town().histories()).of["model"]] == ["together"]


def test_the_same_users_are_drawn_for_the_same_seed() -> None:
    first, again, other = (importance_of_models(town_pipeline(), town().histories(), rng) for rng in (0, 0, 1))
    assert first == again
    assert first != other


class Alike:
    """A score without parts."""

    name = "alike"

    def bind(self, world: World) -> Score:
        return self

    def mark(self, query: Query, candidates: Candidates) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        return np.zeros(len(candidates.items), dtype=np.float32)


@pytest.mark.parametrize("has_parts", [True, False])
def test_where_nothing_can_be_told_no_model_is_named(has_parts: bool) -> None:
    score = BlendScore({"taste": 1.0}) if has_parts else Alike()
    pipeline = Pipeline.fit(town_recipe(score=score), town())
    nobody = town().histories().take(np.empty(0, dtype=np.int32))
    found = importance_of_models(pipeline, nobody if has_parts else town().histories())
    assert (found.of["model"], found.notes) == ((), (NO_PARTS,))
