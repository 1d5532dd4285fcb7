from dataclasses import replace

import pytest

from slatewright.core.arrays import Scores
from slatewright.core.errors import BadBundle, MissingExtra
from slatewright.pipeline import ModelScore, Pipeline
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.golden import check_golden, golden_answers
from slatewright.testing.town import town_pipeline, town_recipe


def test_a_pipeline_answers_its_own_golden_requests() -> None:
    golden = golden_answers(town_pipeline())
    check_golden(town_pipeline(), golden)
    kinds = [set(answer["request"]) for answer in golden]
    assert {"user_id"} in kinds
    assert set() in kinds
    assert {"items"} in kinds
    assert {"categories"} in kinds
    assert {"facts"} in kinds


def test_another_recipe_is_noticed() -> None:
    other = Pipeline(town_recipe(score=ModelScore("popular")), town_pipeline().world)
    with pytest.raises(BadBundle, match="its card says"):
        check_golden(other, golden_answers(town_pipeline()))


def test_what_broke_on_the_way_to_another_answer_is_told_in_place_of_to_train_again() -> None:
    class NeedsAnEngine:
        name = "blend"

        def mark(self, query: Query, candidates: Candidates) -> Scores:
            raise MissingExtra("SASRec needs jax, which is not installed: pip install 'slatewright[neural]'")

    pipeline = replace(town_pipeline())
    pipeline.__dict__["stages"] = replace(town_pipeline().stages, score=NeedsAnEngine())
    told = r"its score blend broke: MissingExtra: SASRec needs jax, .*pip install 'slatewright\[neural\]'$"
    with pytest.raises(BadBundle, match=told):
        check_golden(pipeline, golden_answers(town_pipeline()))


def test_items_may_swap_only_where_scores_are_level() -> None:
    golden = golden_answers(town_pipeline())[0]
    ids, scores = list(golden["item_ids"]), list(golden["scores"])
    swapped = {**golden, "item_ids": [ids[1], ids[0], *ids[2:]]}
    with pytest.raises(BadBundle):
        check_golden(town_pipeline(), [swapped])
    level = {**swapped, "scores": [scores[0], scores[0], *scores[2:]]}
    if scores[0] - scores[1] > 0.01:
        with pytest.raises(BadBundle):
            check_golden(town_pipeline(), [level])
    check_golden(town_pipeline(), [{**golden, "scores": [score + 1e-5 for score in scores]}])


def test_a_shorter_answer_is_noticed() -> None:
    golden = golden_answers(town_pipeline())[0]
    short = {**golden, "item_ids": golden["item_ids"][:3], "scores": golden["scores"][:3]}
    with pytest.raises(BadBundle):
        check_golden(town_pipeline(), [short])


def test_another_world_is_noticed() -> None:
    world = town_pipeline().world
    flat = replace(world, models={**world.models, "taste": world.models["popular"]})
    with pytest.raises(BadBundle):
        check_golden(Pipeline(town_recipe(), flat), golden_answers(town_pipeline()))
