"""Batches of pairs: one shape for all, every pair once, negatives that are none of the user's own."""

import numpy as np
import pytest
from scipy import sparse

from slatewright.models.neural.batch import Batch
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.drawing import Negatives, taken_pairs
from slatewright.models.neural.pairs.objective import PairObjective
from slatewright.models.neural.pairs.task import PairTask
from slatewright.models.neural.tables import Table

DENSE = np.array([[1, 0, 2, 0, 0, 0], [0, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]], dtype=np.float32)


def task(source: str, *, n_negatives: int = 3, batch_size: int = 4, unobserved: float | None = None) -> PairTask:
    taken, users, weights = taken_pairs(sparse.csr_matrix(DENSE))
    return PairTask(
        {"users": Table.empty(3, 2), "items": Table.empty(6, 2)}, [],
        PairObjective(Spec.of("dot", dim=1), "bce", source, n_negatives, 0.0), Negatives.of(taken, 0.5), users,
        taken.indices, weights, batch_size, unobserved, lambda _: None,
    )  # fmt: skip


def batches(source: str, **knobs: int) -> list[Batch]:
    return list(task(source, **knobs).epoch(np.random.default_rng(1)))


@pytest.mark.parametrize("source", ["drawn", "hard", "batch", "shared"])
def test_every_pair_is_taught_once_with_its_weight_in_batches_of_one_shape(source: str) -> None:
    found = batches(source, n_negatives=5)
    assert len(found) == task(source).steps == 3
    shapes = [{name: one.shape for name, one in {**batch.ids, **batch.inputs}.items()} for batch in found]
    assert shapes[0] == shapes[1] == shapes[2]
    taught = np.zeros_like(DENSE)
    for batch in found:
        np.add.at(taught, (batch.ids["user"], batch.ids["item"][:, 0]), batch.weights)
    np.testing.assert_allclose(taught, DENSE / DENSE[DENSE > 0].mean(), rtol=1e-6)


@pytest.mark.parametrize("source", ["drawn", "hard", "batch", "shared"])
def test_no_negative_that_counts_was_taken(source: str) -> None:
    for batch in batches(source):
        users, items = batch.ids["user"], batch.ids["item"]
        if source == "shared":
            others = np.tile(batch.ids["negatives"], (len(users), 1))
        elif source == "batch":
            others = np.stack([np.roll(items[:, 0], -at) for at in (1, 2, 3)], axis=1)
        else:
            others = items[:, 1:]
        np.testing.assert_array_equal(batch.inputs["free"], DENSE[users[:, None], others] == 0)


def test_the_surplus_is_how_often_an_item_is_drawn_as_a_logarithm() -> None:
    made = task("shared")
    batch = next(made.epoch(np.random.default_rng(0)))
    chances = np.sqrt([2, 2, 3, 2, 1, 1])
    expected = np.log(3 * chances / chances.sum())[batch.ids["negatives"]]
    np.testing.assert_allclose(batch.inputs["surplus"], expected, rtol=1e-5)


def test_pairs_that_were_not_taken_count_in_all_what_is_said() -> None:
    made = task("shared", unobserved=0.5)
    for batch in made.epoch(np.random.default_rng(0)):
        counts = (DENSE > 0).sum(axis=1)[batch.ids["user"]]  # samples of a user, of 3 negatives each
        np.testing.assert_allclose(batch.inputs["each"] * counts * 3, 0.5 * 6, rtol=1e-6)


@pytest.mark.parametrize("source", ["drawn", "hard"])
def test_many_batches_drawn_in_one_go_are_those_drawn_one_by_one(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = batches(source, batch_size=2)
    monkeypatch.setattr("slatewright.models.neural.pairs.task.AT_ONCE", 1)
    for one, other in zip(at_once, batches(source, batch_size=2), strict=True):
        for name, array in {**one.ids, **one.inputs, "weights": one.weights}.items():
            np.testing.assert_array_equal(array, {**other.ids, **other.inputs, "weights": other.weights}[name])
