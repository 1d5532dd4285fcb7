"""What a network over facts reads of a person: the id where it is known, facts, and the latest items."""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl

from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import NOBODY, Histories
from slatewright.models import WideAndDeep
from slatewright.models.shapes.fact_network import FactNetwork
from slatewright.testing.worlds import two_tastes

LONGEST = 5


@cache
def town() -> Dataset:
    people = pl.DataFrame({"user_id": [f"u{at:03d}" for at in range(60)], "likes": [f"t{at % 2}" for at in range(60)]})
    items = pl.DataFrame({"item_id": ["i000", "never-bought"], "price": [1.0, 2.0]})
    return dataset_of(two_tastes(), item_facts=items, user_facts=people)


@cache
def model() -> FactNetwork:
    learner = WideAndDeep(
        embedding_dim=4, layers=(8,), epochs=3, batch_size=256, longest_history=LONGEST, learning_rate=0.01,
        validation_share=0.2,
    )  # fmt: skip
    return learner.fit(town())


def test_a_known_owner_is_read_by_id_and_nobody_is_not() -> None:
    histories = town().histories().take(np.array([0, 1], np.int32))
    strangers = replace(histories, owners=np.full(2, NOBODY, np.int32))
    known, unknown = model().people(histories), model().people(strangers)
    assert known.places[:, 0].tolist() == [1, 2]
    assert unknown.places[:, 0].tolist() == [0, 0]
    assert unknown.places[:, 1:].tolist() == known.places[:, 1:].tolist()
    assert (model().score(histories) != model().score(strangers)).any()


def test_the_latest_items_are_read_but_those_that_nobody_took() -> None:
    new = int(model().known.items.positions(["never-bought"])[0])
    people = model().people(Histories.of([[1, 2, 3, 4, 5, 6, 7, new], [2], []]))
    assert people.history[:, :2].tolist() == [[4, 5], [3, 0], [0, 0]]
    np.testing.assert_allclose(people.shares.sum(axis=1), [1, 1, 0])


def test_facts_that_are_not_told_are_not_known() -> None:
    told = Histories.of([[2]], facts=pl.DataFrame({"shoe": [42]}))
    np.testing.assert_array_equal(model().score(told), model().score(Histories.of([[2]])))


def test_without_facts_of_items_an_item_that_nobody_took_is_all_unknown() -> None:
    new = int(model().known.items.positions(["never-bought"])[0])
    assert model().places[new, 0] == 0


def test_the_curve_tells_of_each_epoch() -> None:
    assert model().learning_curve.shape == (3, 3)
