"""Networks over facts that learn on: what was known stays as it was, new ids and new values get places."""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.models import DeepCross, Updating, WideAndDeep, update
from slatewright.models.neural.updating.facts import FactRecipes, grown
from slatewright.models.neural.updating.lesson import Lesson
from slatewright.models.shapes.fact_network import FactNetwork

from .worlds import SINCE, events, newcomers, older, recent, told, town

WIDE = WideAndDeep(embedding_dim=8, layers=(16,), epochs=10, batch_size=256, longest_history=6, learning_rate=0.01)
CROSS = DeepCross(embedding_dim=8, layers=(16,), epochs=10, batch_size=256, longest_history=6, learning_rate=0.01)
BOTH = pytest.mark.parametrize("estimator", [WIDE, CROSS], ids=lambda one: type(one).__name__)
HARD = Updating(learning_rate=0.02, epochs=6, judged_share=0.5)


@cache
def fitted(estimator: FactRecipes) -> FactNetwork:
    return estimator.fit(told(older()))


def larger(estimator: FactRecipes, dataset: Dataset) -> FactNetwork:
    """The model over the ids of a data set, before it learns on."""
    lesson = Lesson.of(dataset, SINCE, 0.0, np.random.default_rng(0))
    return grown(estimator, fitted(estimator), dataset, lesson.samples(dataset.n_items))


@cache
def later() -> Dataset:
    """A stranger from a side of town that nobody lived on takes items of kind 0. A new item is of a kind that there was
    not, and takers of kind 1 take it; another of that kind waits. What kind i039 is of is not known any more."""
    rows = [older(), newcomers()]
    now = told(*rows)
    items = now.item_facts.with_columns(item_id=now.items.names)
    unknown = pl.when(pl.col("item_id") != "i039").then("kind")
    items = items.with_columns(kind=pl.when(pl.col("item_id") == "i991").then(pl.lit("k9")).otherwise(unknown))
    waiting = pl.DataFrame({"kind": ["k9", "k2"], "sugar": [1, 1], "item_id": ["i992", "i993"]})
    side = pl.when(pl.col("user_id") == "u990").then(pl.lit("river")).otherwise("side")
    users = now.user_facts.with_columns(user_id=now.users.names).with_columns(side=side)
    return dataset_of(pl.concat(rows), item_facts=pl.concat([items, waiting]), user_facts=users)


@BOTH
def test_a_shift_is_learned_and_replay_keeps_what_was(estimator: FactRecipes) -> None:
    now = told(older(), recent())
    alone, mixed = (update(estimator, fitted(estimator), now, SINCE, replace(HARD, replay_share=share)).report
                    for share in (0.0, 0.5))  # fmt: skip
    for report in (alone, mixed):
        assert report.newer.before is not None
        assert report.newer.after is not None
        assert report.newer.before < 0.1 < 0.3 < report.newer.after
    assert 0.1 < mixed.forgotten < alone.forgotten - 0.1
    assert "of the older metric is lost: turn replay_share up" in str(mixed)


@BOTH
def test_what_was_known_is_scored_as_before_it_grew(estimator: FactRecipes) -> None:
    strange = events(np.array([990, 1]), np.array([3, 991]), np.array([SINCE, SINCE]))
    now, before = told(older(), recent(), strange), told(older())
    large, small = larger(estimator, now), fitted(estimator)
    histories = before.histories()
    users, items = now.users.positions(before.users.names), now.items.positions(before.items.names)
    same = replace(histories, items=items[histories.items], owners=users)
    np.testing.assert_allclose(large.score(same, items), small.score(histories), atol=1e-5)
    new = now.items.positions(["i991"])
    assert large.places[new, 0].tolist() == [small.net.layout.sizes[small.net.layout.item]]


@BOTH
def test_new_ids_and_new_values_get_places_and_are_answered(estimator: FactRecipes) -> None:
    updated = update(estimator, fitted(estimator), later(), SINCE, Updating(learning_rate=0.02, epochs=12))
    assert (updated.report.new_users, updated.report.new_items, updated.report.new_values) == (1, 3, 3)
    assert "users that are new: 1, items: 3, values of facts: 3." in str(updated.report)
    assert isinstance(updated.model, FactNetwork)
    assert updated.model.item_reader.sizes[0] == fitted(estimator).item_reader.sizes[0] + 2  # k9, and not known
    scores = updated.model.score(later().histories(), later().items.positions(["i991", "i992", "i993"]))
    users = later().users.names.str.slice(1).cast(int).to_numpy()
    mine, others = scores[users % 4 == 1].mean(axis=0), scores[users % 4 != 1].mean(axis=0)
    assert mine[0] > others[0] + 1
    assert mine[1] > others[1] + 0.2  # nobody took it: what is known of its kind is new
    taste = updated.model.recommend(["u990"], 4)["item_id"].str.slice(1).cast(int).to_numpy() % 4
    assert (taste == 0).mean() >= 0.5


@BOTH
def test_what_is_gone_leaves_no_name_and_no_row(estimator: FactRecipes) -> None:
    """Who lived on side 1 is gone, and with them the side and two kinds of items; the others are scored as before."""
    now = told(older())
    rows = older().filter(pl.col("user_id").str.slice(1).cast(int) % 2 == 0)
    left, model = told(rows), fitted(estimator)
    small = larger(estimator, left)
    held = b"".join(np.ascontiguousarray(one).tobytes() for one in small.arrays().values())
    for name, there in {b"side 0": True, b"side 1": False, b'"k0"': True, b'"k3"': False}.items():
        assert (name in held) == there
    users, items = now.users.positions(left.users.names), now.items.positions(left.items.names)
    histories = left.histories()
    same = replace(histories, items=items[histories.items], owners=users)
    np.testing.assert_allclose(small.score(histories), model.score(same, items), atol=1e-5)
    gone = np.setdiff1d(model.user_ids, small.user_ids)
    assert len(gone) == 40
    np.testing.assert_array_equal(small.net.fields[gone], np.repeat(small.net.fields[:1], 40, axis=0))
    back = grown(estimator, small, now, Lesson.of(now, SINCE, 0.0, np.random.default_rng(0)).samples(now.n_items))
    assert back.item_reader.sizes[0] == model.item_reader.sizes[0] + 2  # places of their own, not those they had
    assert back.reader.model is not None
    assert back.reader.model.categories[0].values == ("side 0", "", "side 1")


def test_a_gentle_update_stays_near_the_model_and_leaves_it_alone() -> None:
    model, histories = fitted(CROSS), told(older()).histories()
    whole = model.score(histories)
    updated = update(CROSS, model, told(older(), recent()), SINCE, Updating(learning_rate=1e-6)).model
    np.testing.assert_allclose(updated.score(histories), whole, atol=0.02)
    np.testing.assert_array_equal(model.score(histories), whole)
    assert update(CROSS, model, told(older()), SINCE).model is model


def test_an_update_can_be_updated_and_stored() -> None:
    first = update(WIDE, fitted(WIDE), later(), SINCE).model
    again = type(first).from_arrays(first.arrays(), first.known)
    one, other = (update(WIDE, some, later(), SINCE) for some in (first, again))
    assert one.report.new_values == one.report.new_items == 0
    histories = later().histories()
    np.testing.assert_array_equal(one.model.score(histories), other.model.score(histories))


def test_a_model_without_ids_of_users_gets_none() -> None:
    estimator = replace(CROSS, user_ids=False, epochs=1)
    updated = update(estimator, estimator.fit(told(older())), later(), SINCE).model
    assert isinstance(updated, FactNetwork)
    assert not updated.user_ids.any()
    assert updated.net.layout.sizes[0] == 1


def test_what_does_not_fit_is_refused() -> None:
    now = told(older(), recent())
    with pytest.raises(BadInput, match="DeepCross learns on only from a model of DeepCross with the same sizes"):
        update(CROSS, fitted(WIDE), now, SINCE)
    with pytest.raises(BadInput, match="WideAndDeep learns on only"):
        update(replace(WIDE, embedding_dim=4), fitted(WIDE), now, SINCE)
    with pytest.raises(BadInput, match=r"must have facts of users that the model reads \(side\), got none"):
        update(WIDE, fitted(WIDE), town(older(), recent()), SINCE)
    without = replace(now, item_facts=now.item_facts.select(color=pl.lit("red")))
    with pytest.raises(BadInput, match=r"facts of items that the model reads \(kind, sugar\), got color"):
        update(WIDE, fitted(WIDE), without, SINCE)
