"""Content: the kit, a town whose items' facts tell everything, and hand calculations."""

import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.models import Content, FactFeatures
from slatewright.models.costs import Size
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.town import town


class TestContent(EstimatorKit):
    estimator = Content()


class TestContentWithTFIDF(EstimatorKit):
    estimator = Content(features=FactFeatures(piece_weight=0), prior_weight=0.1, half_life_days=20)


class TestContentThatForgets(EstimatorKit):
    estimator = Content(history_half_life_days=5, user_reg=1.0)


def small() -> Dataset:
    rows = [("ann", "mug1"), ("ann", "jar1"), ("bob", "jar1"), ("bob", "jar2"), ("cid", "jar1")]
    facts = pl.DataFrame({"item_id": ["mug1", "mug2", "jar1", "jar2"], "kind": ["mug", "mug", "jar", "jar"]})
    people = pl.DataFrame({"user_id": ["ann", "bob", "cid", "dot"], "land": ["x", "y", "y", "x"]})
    events = pl.DataFrame(rows, schema=["user_id", "item_id"], orient="row")
    return dataset_of(events, item_facts=facts, user_facts=people)


def test_scores_by_hand() -> None:
    model = Content(prior_weight=0.5).fit(small())  # items in order: jar1, jar2, mug1, mug2
    empty, jar = model.score(Histories.of([[], [0]]))
    alike = 2 * (1 / 3) / (2 + 1), (1 / 3) / (1 + 1)  # what a mug nobody bought is expected to do: like the other mug
    assert model.prior == pytest.approx([1, 1 / 3, 1 / 3, alike[1]])
    assert empty == pytest.approx(model.prior)
    assert jar == pytest.approx((np.array([1, 1, 0, 0]) + 0.5 * model.prior) / 1.5)


def test_an_item_that_nobody_bought_is_recommended_to_those_who_took_its_like() -> None:
    answer = Content().fit(small()).recommend(["ann"], 1)
    assert answer["item_id"].to_list() == ["mug2"] or answer["item_id"].to_list() == ["jar2"]
    assert Content().fit(town()).recommend(["u000", "u002"], 20).filter(item_id="i024").height == 2
    best = Content(prior_weight=0.01).fit(town()).recommend(["u000"], 3, filter_seen=False)
    assert all(int(item[1:]) % 2 == 0 for item in best["item_id"])


def test_somebody_of_whom_only_facts_are_known_gets_what_their_like_take() -> None:
    dataset = town()
    model = Content(user_reg=1.0).fit(dataset)
    people = pl.DataFrame({"drinks": ["tea", "coffee"]})
    scores = model.score(Histories.of([[], []], facts=people))
    tea = np.arange(24) % 2 == 0
    assert scores[0, :24][tea].min() > scores[0, :24][~tea].max()
    assert scores[1, :24][~tea].min() > scores[1, :24][tea].max()
    alone = model.score(Histories.of([[]], facts=people[1:]))
    np.testing.assert_allclose(alone[0], scores[1], atol=1e-6)


def test_reasons_and_shared_features_add_up_to_what_the_events_add() -> None:
    model = Content().fit(town())
    history = Histories.of([[0, 2, 3]], weights=[[1, 2, 0.5]])
    prior = model.score(Histories.of([[]]))[0, 4] * 1.0 / (3.5 + 1.0)
    parts = model.reasons(history, 4)
    assert parts.sum() + prior == pytest.approx(model.score(history)[0, 4], abs=1e-6)
    shared = model.shared_features(history, 4)
    assert shared["part"].sum() == pytest.approx(parts.sum(), abs=1e-6)
    assert shared["feature"][0] == "category=tea"


def test_similar_items_are_those_of_the_same_facts() -> None:
    model = Content().fit(small())
    others, likeness = model.similar(np.array([2], dtype=np.int32), 3)
    assert others[0, 0] == 3
    assert likeness[0] == pytest.approx([1, 0, 0])


def test_the_cost_counts_its_arrays() -> None:
    cost = Content().cost(Size.of(town()))
    assert cost.memory > 0
    assert set(cost.work)
