import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import BadInput
from slatewright.models import AssociationRules, ItemKNN
from slatewright.pipeline import BoughtTogetherSource, Pipeline, Query, Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town, town_pipeline, town_recipe


class TestBoughtTogetherSource(StageKit):
    stage = BoughtTogetherSource("together", limit=4)


def query(kinds: list[str], items: list[int], hours_ago: list[float]) -> Query:
    """A newcomer's events."""
    nobody = town_pipeline().query(Request(3, AS_OF))
    times = np.array([AS_OF - int(hours * MICROSECONDS_PER_DAY / 24) for hours in hours_ago], dtype=np.int64)
    ones = np.ones(len(items), dtype=np.float32)
    history = nobody.history.followed_by(np.array(items, dtype=np.int32), ones, times, values=ones, kinds=kinds)
    return Query(3, AS_OF, history)


def test_it_proposes_what_goes_with_the_basket_and_not_with_the_rest() -> None:
    world = town_pipeline().world
    source = BoughtTogetherSource("together", limit=5).bind(world)
    proposal = source.propose(query(["cart", "view", "cart"], [2, 3, 4], [1, 1, 30]))
    near, alike = world.models["together"].similar(np.array([2], dtype=np.int32), 5)
    assert proposal.items.tolist() == near[0].tolist()
    np.testing.assert_allclose(proposal.scores, alike[0], rtol=1e-6)
    assert all(item % 2 == 0 for item in proposal.items)


def test_without_a_basket_nothing_is_proposed() -> None:
    source = BoughtTogetherSource("together").bind(town_pipeline().world)
    assert len(source.propose(query(["view", "cart"], [2, 4], [1, 13])).items) == 0


def test_what_the_request_has_in_hand_is_in_the_basket() -> None:
    pipeline = town_pipeline()
    source = BoughtTogetherSource("together", limit=3).bind(pipeline.world)
    proposal = source.propose(pipeline.query(Request(3, AS_OF, items=("i003", "i005"))))
    assert len(proposal.items) == 3
    assert all(item % 2 and item not in {3, 5} for item in proposal.items)


def test_rules_speak_where_all_of_their_left_side_is_in_the_basket() -> None:
    recipe = town_recipe(estimators={**town_recipe().estimators, "rules": AssociationRules(basket_minutes=None)})
    pipeline = Pipeline.fit(recipe, town())
    source = BoughtTogetherSource("rules").bind(pipeline.world)
    proposal = source.propose(query(["cart", "cart"], [2, 6], [1, 2]))
    fired = pipeline.world.models["rules"].score(query(["cart", "cart"], [2, 6], [1, 2]).history)[0]
    assert len(proposal.items) > 0
    assert not {2, 6} & set(proposal.items.tolist())
    np.testing.assert_allclose(proposal.scores, fired[proposal.items])
    assert (np.diff(proposal.scores) <= 0).all()


def test_another_kind_of_model_is_refused() -> None:
    with pytest.raises(BadInput, match="must name an estimator that learns ItemRules or ItemPairs, got Popularity"):
        town_recipe(sources=(BoughtTogetherSource("popular"),))
    with pytest.raises(BadInput, match="must name an estimator of rules or pairs, got one that learns item_scores"):
        BoughtTogetherSource("popular").bind(town_pipeline().world)


def test_knn_is_asked_by_stored_pairs_alone() -> None:
    model = ItemKNN(n_neighbors=4).fit(town())
    items, alike = model.nearby(np.array([0, 2], dtype=np.int32), 3)
    near, scores = model.similar(np.array([0, 2], dtype=np.int32), 3)
    wanted: dict[int, float] = {}
    for item, score in zip(near.ravel().tolist(), scores.ravel().tolist(), strict=True):
        wanted[item] = wanted.get(item, 0) + score
    assert dict(zip(items.tolist(), alike.tolist(), strict=True)) == pytest.approx(wanted)
