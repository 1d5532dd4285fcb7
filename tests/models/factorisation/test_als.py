"""ALS: the kit, worlds with known answers, an exact solver, and the bars on Gowalla."""

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from slatewright.core.arrays import Array
from slatewright.core.errors import BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import ALS
from slatewright.models.costs import Size
from slatewright.models.factorisation.als import discounts
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import checkerboard, two_tastes

from ..peaks import peak_memory
from .events import random_events


class TestALS(EstimatorKit):
    estimator = ALS(embedding_dim=8)


class TestFadingALS(EstimatorKit):
    estimator = ALS(embedding_dim=8, half_life_days=30, history_half_life_days=3, popularity_discount=1)


def test_finds_the_square_that_was_left_out_of_the_checkerboard() -> None:
    dataset = dataset_of(checkerboard(20))
    answer = ALS(embedding_dim=4).fit(dataset).recommend(list(dataset.users), 1)
    assert answer["item_id"].to_list() == [user.replace("u", "i") for user in answer["user_id"]]


def test_recommends_to_each_taste_its_own() -> None:
    dataset = dataset_of(two_tastes())
    answer = ALS(embedding_dim=2).fit(dataset).recommend(list(dataset.users), 1)
    user, item = (answer[name].str.slice(1).cast(pl.Int32) for name in ("user_id", "item_id"))
    assert (user % 2 == item % 2).all()


def exact_loss(matrix: sparse.csr_matrix, knobs: ALS) -> float:
    """The loss after the same number of sweeps, each normal equation solved exactly in double precision."""
    dense = matrix.toarray().astype(np.float64)
    items = np.random.default_rng(0).standard_normal((matrix.shape[1], knobs.embedding_dim))  # other ones than ours
    for _ in range(knobs.epochs):
        users = _exact_side(dense, items, knobs)
        items = _exact_side(dense.T, users, knobs)
    return loss(dense, users, items, knobs)


def _exact_side(dense: Array, fixed: Array, knobs: ALS) -> Array:
    confidence = np.where(dense > 0, dense, knobs.unobserved_weight)
    left = np.einsum("ni,if,ig->nfg", confidence, fixed, fixed)
    left += _ridge(dense, knobs)[:, None, None] * np.eye(fixed.shape[1])
    return np.linalg.solve(left, (dense @ fixed)[..., None])[..., 0]


def _ridge(dense: Array, knobs: ALS) -> Array:
    mass = (dense > 0).sum(axis=1) + knobs.unobserved_weight * dense.shape[1]
    ridge: Array = knobs.reg * mass**knobs.reg_exponent
    return ridge


def loss(dense: Array, users: Array, items: Array, knobs: ALS) -> float:
    confidence = np.where(dense > 0, dense, knobs.unobserved_weight)
    errors = (confidence * np.square((dense > 0) - users @ items.T)).sum()
    ridges = _ridge(dense, knobs) @ np.square(users).sum(1) + _ridge(dense.T, knobs) @ np.square(items).sum(1)
    return float(errors + ridges)


def test_a_few_steps_of_conjugate_gradient_reach_the_loss_of_exact_sweeps() -> None:
    rng = np.random.default_rng(5)
    tastes = rng.random((150, 3)) @ rng.random((3, 80))
    matrix = sparse.csr_matrix((rng.random((150, 80)) < tastes / 4) * rng.uniform(0.5, 3, (150, 80)), dtype=np.float32)
    knobs = ALS(embedding_dim=8, epochs=100, reg=0.05)
    users, items = knobs.factorise(matrix)
    found = loss(matrix.toarray(), users, items.factors, knobs)
    assert found == pytest.approx(exact_loss(matrix, knobs), rel=1e-2)


def test_the_watcher_is_told_a_loss_that_falls_to_that_of_the_factors() -> None:
    rng = np.random.default_rng(6)
    matrix = sparse.csr_matrix((rng.random((90, 50)) < 0.2) * rng.uniform(0.5, 3, (90, 50)), dtype=np.float32)
    knobs, told = ALS(embedding_dim=5, epochs=8, reg=0.1), []
    users, items = knobs.factorise(matrix, lambda epoch, loss: told.append((epoch, loss.total)))
    assert [epoch for epoch, _ in told] == list(range(1, 9))
    losses = [value for _, value in told]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] == pytest.approx(loss(matrix.toarray(), users, items.factors, knobs), rel=1e-4)


def test_the_loss_of_a_model_is_no_more_than_in_the_last_epoch() -> None:
    dataset, knobs, told = dataset_of(two_tastes()), ALS(embedding_dim=4), []
    model = knobs.fit(dataset, watch=lambda _, loss: told.append(loss.total))
    assert told[-1] * 0.9 < knobs.loss(dataset, model).total <= told[-1] * 1.0001


def test_the_discount_divides_by_a_power_of_the_users_of_an_item() -> None:
    by_user = sparse.csr_matrix(np.array([[1, 1, 0], [1, 0, 0], [1, 0, 0], [5, 0, 0]], dtype=np.float32))
    found = discounts(by_user, 0.5)
    assert found[0] / found[1] == pytest.approx(4**-0.5)
    assert found[by_user.indices].mean() == pytest.approx(1)
    assert discounts(by_user, 0.0).tolist() == [1, 1, 1]


def test_a_data_set_without_events_gives_a_model_that_answers() -> None:
    empty = dataset_of(
        pl.DataFrame(schema={"user_id": pl.String, "item_id": pl.String}),
        item_facts=pl.DataFrame({"item_id": ["a", "b"], "price": [1.0, 2.0]}),
    )
    model = ALS(embedding_dim=4).fit(empty)
    assert model.recommend(["anyone"], 5)["item_id"].to_list() == ["a", "b"]


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"reg": 0}, r"ALS\.reg must be > 0, got 0"),
        ({"embedding_dim": 0}, r"ALS\.embedding_dim must be >= 1, got 0"),
        ({"epochs": 1.5}, r"ALS\.epochs must be a whole number, got 1\.5"),
        ({"unobserved_weight": float("nan")}, r"ALS\.unobserved_weight must be finite, got nan"),
    ],
)
def test_knobs_are_checked_at_the_door(knobs: dict[str, float], message: str) -> None:
    with pytest.raises(BadKnob, match=message):
        ALS(**knobs)  # type: ignore[arg-type]


@pytest.mark.data
@pytest.mark.long
def test_reaches_the_bars_of_gowalla(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parents[3] / "bench"), *sys.path])
    import bench_als

    found = bench_als.quality(data_dir)
    assert found["recall@20"] >= 0.180
    assert found["ndcg@20"] >= 0.149


@pytest.mark.data
@pytest.mark.long
def test_reaches_the_bars_of_ncf(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parents[3] / "bench"), *sys.path])
    import bench_als

    found = bench_als.ncf(data_dir)
    assert found["hr@10"] >= 0.731
    assert found["ndcg@10"] >= 0.452


def test_a_history_gets_the_same_answer_as_its_user_in_training() -> None:
    dataset = dataset_of(two_tastes())
    model = ALS(embedding_dim=6).fit(dataset)
    lists = model.best(dataset.histories(), 5)
    for user in (0, 17, 59):
        alone = model.best(Histories.of([dataset.histories().items_of(user)]), 5)
        np.testing.assert_array_equal(alone.items[0], lists.items[user])


@pytest.mark.parametrize("embedding_dim", [8, 64])
def test_the_cost_tells_the_memory_of_a_fit(embedding_dim: int) -> None:
    dataset = random_events(6000, 2000, 200_000)  # looking for BLAS takes half a MB, whatever the size
    knobs = ALS(embedding_dim=embedding_dim, epochs=1)
    knobs.fit(dataset)  # compiles
    peak = peak_memory(lambda: knobs.fit(dataset))
    cost = knobs.cost(Size.of(dataset))
    assert cost.memory == pytest.approx(peak, rel=0.3)
    assert min(cost.work.values()) > 0
