"""What learned item vectors become."""

import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.models.factorisation.ranked import POPULAR, answering, fold_in_penalty, of_mean_weight_one
from slatewright.testing.worlds import two_tastes


def test_weights_are_brought_to_a_mean_of_one_and_events_on_popular_items_weigh_more_in_a_fold_in() -> None:
    rows = [(f"u{user}", item) for item, n in (("a", 16), ("b", 1)) for user in range(n)]
    dataset = dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id"], orient="row"), weights={"interaction": 4.0})
    by_user, item_weights = of_mean_weight_one(dataset, None)
    assert by_user.data.tolist() == [1] * 17
    assert item_weights[0] / item_weights[1] == pytest.approx(16**POPULAR)
    assert item_weights @ [16, 1] / 17 == pytest.approx(1 / 4)


def test_users_are_folded_in_over_the_learned_items() -> None:
    dataset = dataset_of(two_tastes())
    items = np.random.default_rng(0).standard_normal((dataset.n_items, 4), dtype=np.float32)
    likeness = items @ items.T
    model = answering(dataset, items.copy(), np.full(dataset.n_items, 2, dtype=np.float32), None)
    users = model.user_factors(dataset.histories())
    np.testing.assert_allclose(model.item_factors @ model.item_factors.T, likeness, atol=1e-4)
    np.testing.assert_allclose(model.crowd, users.T @ users, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(model.typical, users.mean(axis=0), rtol=1e-4, atol=1e-6)
    assert (model.item_weights == 2).all()


def test_the_penalty_is_in_the_scale_of_the_vectors() -> None:
    spectrum = np.array([1, 3], dtype=np.float32)
    small, large = fold_in_penalty(spectrum, 10), fold_in_penalty(100 * spectrum, 10)
    assert large[0] == pytest.approx(100 * small[0])
    assert large[1:].tolist() == small[1:].tolist()
    assert np.isfinite(fold_in_penalty(np.zeros(2, np.float32), 0)).all()
