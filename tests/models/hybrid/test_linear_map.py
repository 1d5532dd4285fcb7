"""The map from facts to vectors against scikit-learn's ridge, and what it says of nothing."""

import numpy as np
import polars as pl
from sklearn.linear_model import Ridge

from slatewright.models.content.fact_features import FactFeatures
from slatewright.models.hybrid.linear_map import LinearMap

FACTS = pl.DataFrame({"kind": ["a", "a", "b", "b", "c", None], "size": [1.0, 2.0, 2.0, 3.0, 1.0, 3.0]})
VECTORS = np.random.default_rng(0).standard_normal((6, 3)).astype(np.float32)
TAUGHT = np.array([True, True, True, True, True, False])


def learned() -> LinearMap:
    return LinearMap.fit(FactFeatures(), FACTS, VECTORS, TAUGHT, 0.5)


def test_it_is_a_ridge_around_the_mean() -> None:
    found = learned()
    rows = found.space.matrix(FACTS).toarray()
    oracle = Ridge(alpha=0.5, fit_intercept=False).fit(rows[:5], VECTORS[:5] - VECTORS[:5].mean(axis=0))
    expected = VECTORS[:5].mean(axis=0) + oracle.predict(rows)
    np.testing.assert_allclose(found.vectors(FACTS, 6), expected, atol=1e-3)


def test_nothing_known_gets_the_mean() -> None:
    centre = np.tile(VECTORS[:5].mean(axis=0), (2, 1))
    np.testing.assert_allclose(learned().vectors(None, 2), centre, rtol=1e-6)
    np.testing.assert_allclose(learned().vectors(FACTS.clear(2), 2), centre, rtol=1e-6)


def test_it_turns_and_comes_back_from_arrays() -> None:
    rotation = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0].astype(np.float32)
    turned = learned().rotated(rotation)
    np.testing.assert_allclose(turned.vectors(FACTS, 6), learned().vectors(FACTS, 6) @ rotation, atol=1e-6)
    back = LinearMap.from_arrays(turned.arrays("items"), "items")
    np.testing.assert_array_equal(back.vectors(FACTS, 6), turned.vectors(FACTS, 6))
