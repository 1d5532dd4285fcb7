"""A pipeline is judged as it is served."""

import numpy as np
import polars as pl

from slatewright.data.dataset import dataset_of
from slatewright.data.splits import ByUser
from slatewright.evaluate.lists import lists_of
from slatewright.models import ItemKNN, Popularity
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.scores import ModelScore
from slatewright.pipeline.sources import ModelSource

RNG = np.random.default_rng(8)
ROWS = [(f"u{u:02}", f"i{i:02}", t) for u in range(40) for t, i in enumerate(RNG.permutation(15)[:6])]
FOLD = next(
    ByUser(test_share=0.5, validation_share=0).split(
        dataset_of(pl.DataFrame(ROWS, schema=["user_id", "item_id", "time"], orient="row"))
    )
)


def test_a_pipeline_of_one_model_lists_what_the_model_lists() -> None:
    recipe = Recipe(
        {"knn": ItemKNN(), "popular": Popularity()}, (ModelSource("knn", limit=100),), score=ModelScore("knn")
    )
    pipeline = Pipeline.fit(recipe, FOLD.train)
    served = lists_of(pipeline, FOLD.test, 5)
    plain = lists_of(ItemKNN().fit(FOLD.train), FOLD.test, 5)
    assert served.counts.tolist() == plain.counts.tolist()
    assert np.array_equal(served.items, plain.items)


def test_the_lists_are_what_a_request_for_each_case_would_answer() -> None:
    pipeline = Pipeline.fit(Recipe.default(), FOLD.train)
    served = lists_of(pipeline, FOLD.test, 5)
    for case in range(len(FOLD.test)):
        one = FOLD.test.take(np.array([case]))
        user = str(one.users[0]) if one.trained[0] else None
        slate = pipeline.answer(Query(5, pipeline.world.as_of, one.histories, user))
        listed = FOLD.test.items.names_of(served.items[case, : served.counts[case]]).to_list()
        assert listed == list(slate.item_ids)


def test_any_function_of_cases_and_k_is_a_recommender() -> None:
    plain = lists_of(ItemKNN().fit(FOLD.train), FOLD.test, 3)
    assert lists_of(lambda cases, k: plain, FOLD.test, 3) is plain
