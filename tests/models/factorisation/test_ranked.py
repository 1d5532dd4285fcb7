"""What learned item vectors become."""

import numpy as np
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.models.factorisation.ranked import answering, fold_in_penalty, of_mean_weight_one
from slatewright.testing.worlds import two_tastes


def test_weights_are_brought_to_a_mean_of_one_and_the_factor_is_told() -> None:
    dataset = dataset_of(two_tastes(), weights={"purchase": 4.0, "view": 0.5, "interaction": 4.0})
    before = dataset.matrix()
    by_user, scale = of_mean_weight_one(dataset, None)
    assert by_user.data.mean() == pytest.approx(1)
    np.testing.assert_allclose(by_user.toarray(), before.toarray() * scale, rtol=1e-5)


def test_users_are_folded_in_over_the_learned_items() -> None:
    dataset = dataset_of(two_tastes())
    items = np.random.default_rng(0).standard_normal((dataset.n_items, 4), dtype=np.float32)
    likeness = items @ items.T
    model = answering(dataset, items.copy(), 2.0, None)
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
