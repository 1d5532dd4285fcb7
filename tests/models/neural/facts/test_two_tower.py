"""Two towers: the kit, and items that nobody took found by what they are."""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl

from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.models import TwoTower
from slatewright.models.shapes.two_towers import TwoTowers
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes

SMALL = TwoTower(embedding_dim=4, layers=(8, 4), epochs=2, longest_history=5, batch_size=128, learning_rate=0.01)


class TestTwoTower(EstimatorKit):
    estimator = SMALL


def world() -> Dataset:
    """A town of two tastes whose items say which taste they are of; of each taste one is new."""
    names = [f"i{at:03d}" for at in range(24)] + ["new-0", "new-1"]
    facts = pl.DataFrame({"item_id": names, "taste": [f"t{int(name[-1]) % 2}" for name in names]})
    people = pl.DataFrame({"user_id": [f"u{at:03d}" for at in range(60)], "likes": [f"t{at % 2}" for at in range(60)]})
    return dataset_of(two_tastes(), item_facts=facts, user_facts=people)


@cache
def fitted() -> TwoTowers:
    return TwoTower(
        embedding_dim=4, layers=(8, 4), epochs=12, longest_history=5, batch_size=128, learning_rate=0.02, n_negatives=8,
        hardness=0.2, validation_share=0.2,
    ).fit(world())  # fmt: skip


def test_items_that_nobody_took_are_found_by_what_they_are() -> None:
    model = fitted()
    new = model.known.items.positions(["new-0", "new-1"])
    scores = model.score(world().histories(), new)
    assert (scores[::2, 0] > scores[::2, 1]).all()
    assert (scores[1::2, 1] > scores[1::2, 0]).all()


def test_people_without_events_are_known_by_their_facts() -> None:
    model = fitted()
    nobody = Histories.of([[], []], facts=pl.DataFrame({"likes": ["t0", "t1"]}))
    scores = model.score(nobody, model.known.items.positions(["new-0", "new-1"]))
    assert scores[0, 0] - scores[0, 1] > scores[1, 0] - scores[1, 1]


def test_facts_that_are_not_told_change_nothing_but_the_answer() -> None:
    model = fitted()
    plain = model.score(Histories.of([[0, 2]]))
    other = model.score(Histories.of([[0, 2]], facts=pl.DataFrame({"age": [3]})))
    np.testing.assert_array_equal(plain, other)


def test_what_was_taken_often_does_not_tell_what_is_asked_about() -> None:
    once, often = world(), world()
    table = often.interactions
    often = replace(often, interactions=replace(table, weight=np.full_like(table.weight, 7)))
    first, second = (SMALL.fit(dataset).score(once.histories()) for dataset in (once, often))
    np.testing.assert_array_equal(first, second)


def test_the_curve_has_a_validation_for_each_epoch() -> None:
    curve = fitted().learning_curve
    assert curve.shape == (12, 3)
    assert curve[:, 0].tolist() == list(range(1, 13))
    assert ((curve[:, 2] > 0) & (curve[:, 2] <= 1)).all()
