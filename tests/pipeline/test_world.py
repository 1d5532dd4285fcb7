import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import NotThere
from slatewright.pipeline import Request
from slatewright.testing.town import AS_OF, town, town_pipeline


def test_a_model_is_asked_once_per_request() -> None:
    world = town_pipeline().world
    query = town_pipeline().query(Request(3, AS_OF, "u000"))
    alone = world.score_some(query, "taste", np.array([3], dtype=np.int32))
    assert query.scored == {}
    scores = world.score_all(query, "taste")
    assert world.score_all(query, "taste") is scores
    np.testing.assert_allclose(alone, scores[[3]], rtol=1e-5)
    query.scored["taste"] = np.zeros(25, dtype=np.float32)
    assert world.score_some(query, "taste", np.array([3], dtype=np.int32)).tolist() == [0]


def test_popularity_halves_every_half_life() -> None:
    world, events = town_pipeline().world, town().interactions
    age = (AS_OF - events.time) / MICROSECONDS_PER_DAY
    by_hand = np.bincount(events.item, 0.5 ** (age / 7), minlength=25)
    np.testing.assert_allclose(world.popularity(7), by_hand, rtol=1e-5)
    assert world.popularity(None).sum() == len(events)


def test_a_missing_model_is_named_with_those_there_are() -> None:
    with pytest.raises(
        NotThere, match="MMR asks for the model 'x'; the recipe has these estimators: again, popular, taste, tog"
    ):
        town_pipeline().world.model("x", asked_by="MMR")


def test_a_history_is_folded_in_once_and_items_outside_are_not_scored() -> None:
    world = town_pipeline().world
    query = town_pipeline().query(Request(3, AS_OF, "u000"))
    some = world.score_some(query, "taste", np.array([4, 9], dtype=np.int32))
    vector = world.vector(query, "taste")
    assert query.scored == {}
    assert world.vector(query, "taste") is vector
    np.testing.assert_allclose(some, world.item_vectors["taste"][[4, 9]] @ vector, rtol=1e-5)
    assert set(world.item_vectors) == {"taste"}  # the other models have none
