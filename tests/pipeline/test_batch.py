import numpy as np
import pytest

from slatewright.pipeline import ModelScore, NearestSource, Pipeline, Quota, Request
from slatewright.pipeline.batch import lists_of_users
from slatewright.pipeline.indexing import indexed
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe


@pytest.mark.parametrize("batch", ["users", "histories"])
def test_the_batch_answers_as_one_by_one(batch: str) -> None:
    pipeline, k = town_pipeline(), 7
    users = [f"u{at:03d}" for at in range(61)]
    single = [pipeline.ask(Request(k, AS_OF, user)) for user in users]
    if batch == "users":
        lists = lists_of_users(pipeline.stages, pipeline.world, users, k)
    else:
        lists = pipeline.best_items(pipeline.world.known.histories, k)
        single[60] = pipeline.ask(Request(k, AS_OF))  # a history does not say whose facts to look up
    for slate, items, scores, count in zip(single, lists.items, lists.scores, lists.counts, strict=True):
        np.testing.assert_allclose([placed.score for placed in slate.items], scores[:count], rtol=1e-4, atol=1e-5)
        assert slate.item_ids == tuple(pipeline.world.catalogue.items.names_of(items[:count]))


def test_the_batch_as_a_table() -> None:
    table = town_pipeline().recommend(["u003", "stranger"], 4)
    assert table.columns == ["user_id", "item_id", "score", "rank"]
    assert table["user_id"].to_list() == ["u003"] * 4 + ["stranger"] * 4
    assert table["rank"].to_list() == [1, 2, 3, 4] * 2
    assert tuple(table["item_id"][:4]) == town_pipeline().ask(Request(4, AS_OF, "u003")).item_ids


def test_with_an_index_the_batch_folds_histories_in_and_answers_item_for_item() -> None:
    recipe = town_recipe(sources=(Quota(NearestSource("taste", limit=8, exact_below=0)),), score=ModelScore("taste"))
    pipeline = Pipeline(recipe, indexed(recipe, town_pipeline().world))
    users = [f"u{at:03d}" for at in range(61)]
    lists = lists_of_users(pipeline.stages, pipeline.world, users, 5)
    for user, items, scores in zip(users, lists.items, lists.scores, strict=True):
        slate = pipeline.ask(Request(5, AS_OF, user))
        assert slate.item_ids == tuple(pipeline.world.catalogue.items.names_of(items))
        np.testing.assert_allclose([placed.score for placed in slate.items], scores, rtol=1e-5)
        assert "taste" not in slate.trace.query.scored
