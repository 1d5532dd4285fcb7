"""One side of a factorisation with facts stays in one basis, and its map is that of its vectors."""

import numpy as np
import polars as pl
from scipy import sparse

from slatewright.models.content.fact_features import FactFeatures
from slatewright.models.factorisation.least_squares import Penalty, Rows
from slatewright.models.hybrid.leaning import LeaningRows
from slatewright.models.hybrid.linear_map import LinearMap
from slatewright.models.hybrid.side import Side

FACTS = pl.DataFrame({"kind": ["a", "a", "b", "b", "c"]})


def side() -> Side:
    vectors = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)
    rows = LeaningRows.of(Rows.of(sparse.csr_matrix(np.eye(4, dtype=np.float32)), Penalty(1, 0, 1)), 4)
    hot = np.array([True, True, True, True, False])
    return Side.of(FactFeatures(), FACTS, hot, rows, vectors, 0.5)


def test_its_map_is_that_of_its_vectors() -> None:
    one = side()
    hot = np.array([True, True, True, True, False])
    expected = LinearMap.fit(FactFeatures(), FACTS, np.vstack([one.vectors, np.zeros(3)]), hot, 0.5)
    np.testing.assert_allclose(one.map().slopes, expected.slopes, atol=1e-4)


def test_everything_turns_together() -> None:
    one, other = side(), side()
    rotation = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0].astype(np.float32)
    one.learn()
    one.turn(rotation)
    other.turn(rotation)
    other.learn()
    np.testing.assert_allclose(one.map().slopes, other.map().slopes, atol=1e-4)
    np.testing.assert_allclose(one.centre, other.centre, atol=1e-5)
