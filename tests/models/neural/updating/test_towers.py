"""Towers that learn on: new neighbourhoods of items are learned, older ones kept by replay, new ids answered."""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models import DMF, TwoTower, Updating, update
from slatewright.models.neural.updating.lesson import Lesson
from slatewright.models.neural.updating.towers import TowerRecipes, grown
from slatewright.models.shapes.two_towers import TwoTowers

from .worlds import SINCE, events, newcomers, older, recent, regrouped, told, town

TOWERS = TwoTower(
    embedding_dim=8, layers=(16, 8), epochs=10, batch_size=64, longest_history=6, learning_rate=0.01, id_dropout=0.1
)
TABLE = DMF(
    embedding_dim=16, layers=(16,), epochs=20, batch_size=64, n_candidates=16, longest_history=8, longest_audience=8,
    learning_rate=0.01,
)  # fmt: skip
BOTH = pytest.mark.parametrize("estimator", [TOWERS, TABLE], ids=lambda one: type(one).__name__)
HARD = Updating(learning_rate=0.02, epochs=10, judged_share=0.5)


@cache
def fitted(estimator: TowerRecipes) -> TwoTowers:
    return estimator.fit(told(older()))


@cache
def later() -> Dataset:
    """Newcomers; the new item is of kind 1."""
    return told(older(), newcomers(989))


@BOTH
def test_new_neighbours_are_learned_and_replay_keeps_the_older_ones(estimator: TowerRecipes) -> None:
    now = told(older(), regrouped())
    alone, mixed = (update(estimator, fitted(estimator), now, SINCE, replace(HARD, replay_share=share)).report
                    for share in (0.0, 0.5))  # fmt: skip
    for report in (alone, mixed):
        assert report.new_users == 80
        assert report.newer.before is not None
        assert report.newer.after is not None
        assert report.newer.before < 0.2 < 0.35 < report.newer.after
    assert mixed.forgotten < 0.4 < 0.7 < alone.forgotten
    assert "of the older metric is lost: turn replay_share up" in str(alone)


@BOTH
def test_new_ids_are_answered(estimator: TowerRecipes) -> None:
    updated = update(estimator, fitted(estimator), later(), SINCE, replace(HARD, judged_share=0.0))
    assert (updated.report.new_users, updated.report.new_items) == (1, 1)
    taste = updated.model.recommend(["u990"], 4)["item_id"].str.slice(1).cast(int).to_numpy() % 4
    assert (taste == 0).mean() > 0.7
    scores = updated.model.score(later().histories())[:, later().items.find("i989")]
    users = later().users.names.str.slice(1).cast(int).to_numpy()
    assert scores[users % 4 == 1].mean() > scores[users % 4 != 1].mean() + 0.2


@BOTH
def test_a_gentle_update_stays_near_the_model_and_leaves_it_alone(estimator: TowerRecipes) -> None:
    model, histories = fitted(estimator), told(older()).histories()
    whole = model.score(histories)
    gentle = Updating(learning_rate=1e-6, judged_share=0)
    updated = update(estimator, model, told(older(), recent()), SINCE, gentle).model
    np.testing.assert_array_equal(model.score(histories), whole)
    assert update(estimator, model, told(older()), SINCE).model is model
    if estimator is TOWERS:  # in DMF an item is who took it: with more takers it is another one
        np.testing.assert_allclose(updated.score(histories), whole, atol=0.02)


def test_items_that_the_data_set_has_no_events_of_keep_what_they_learned() -> None:
    window = told(older(n_items=20), recent(n_items=20), events(np.array([0]), np.array([39]), np.array([SINCE])))
    updated = update(TOWERS, fitted(TOWERS), window, SINCE, Updating(learning_rate=1e-6, judged_share=0)).model
    known = fitted(TOWERS).known.items.positions(window.items.names)
    history = Histories.of([window.items.positions(["i000", "i004"])])
    same = Histories.of([fitted(TOWERS).known.items.positions(["i000", "i004"])])
    np.testing.assert_allclose(updated.score(history), fitted(TOWERS).score(same, known), atol=0.02)


@BOTH
def test_an_update_can_be_updated_once_it_was_stored(estimator: TowerRecipes) -> None:
    first = update(estimator, fitted(estimator), later(), SINCE).model
    again = type(first).from_arrays(first.arrays(), first.known)
    one, other = (update(estimator, some, later(), SINCE) for some in (first, again))
    assert one.report.new_users == one.report.new_items == 0
    histories = later().histories()
    np.testing.assert_array_equal(one.model.score(histories), other.model.score(histories))


def test_words_that_nobody_has_any_more_are_gone_and_the_rest_reads_as_before() -> None:
    rows = older().filter(pl.col("user_id").str.slice(1).cast(int) % 2 == 0)
    left, model = told(rows), fitted(TOWERS)
    lesson = Lesson.of(left, SINCE, 0.0, np.random.default_rng(0))
    small = grown(TOWERS, model, left, lesson.samples(left.n_items))
    assert (model.reader.space.names(), small.reader.space.names()) == (["side=side 0", "side=side 1"], ["side=side 0"])
    before, after = (one.read(left.user_facts, left.n_users) for one in (model.reader, small.reader))
    np.testing.assert_array_equal(after, before)
    np.testing.assert_array_equal(small.content, model.content[model.known.items.positions(left.items.names)])
    again = type(small).from_arrays(small.arrays(), small.known)
    np.testing.assert_array_equal(again.score(left.histories()), small.score(left.histories()))


def test_what_does_not_fit_is_refused() -> None:
    now = told(older(), recent())
    with pytest.raises(BadInput, match="TwoTower learns on only from a model of TwoTower with the same sizes"):
        update(TOWERS, fitted(TABLE), now, SINCE)
    with pytest.raises(BadInput, match="DMF learns on only"):
        update(replace(TABLE, layers=(8,)), fitted(TABLE), now, SINCE)
    with pytest.raises(BadInput, match=r"must have facts of users that the model reads \(side\), got none"):
        update(TOWERS, fitted(TOWERS), town(older(), recent()), SINCE)
