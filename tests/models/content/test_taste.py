"""People with like facts: the ridge written out with dense matrices, and who gets no answer."""

import numpy as np
import polars as pl
from scipy import sparse

from slatewright.models.content.fact_features import FactFeatures
from slatewright.models.content.taste import Taste

PEOPLE = pl.DataFrame({"land": ["a", "a", "b", "b", "b", None], "age": [20, 30, 20, 30, 30, 20]})
TAKEN = sparse.csr_matrix(np.array([[1, 0], [1, 0], [0, 1], [0, 1], [1, 1], [0, 0]], dtype=np.float32))


def test_it_is_a_ridge_regression_of_what_was_taken() -> None:
    taste = Taste.fit(FactFeatures(number_weight=1), PEOPLE, TAKEN, 2.0)
    features = taste.space.matrix(PEOPLE).toarray()[:5].astype(np.float64)  # the sixth took nothing
    centred = features - features.mean(axis=0)
    taken = TAKEN.toarray()[:5]
    slope = np.linalg.solve(centred.T @ centred + 2.0 * np.eye(centred.shape[1]), centred.T @ taken)
    lean = taste.lean(PEOPLE[:5], 5)
    assert lean is not None
    np.testing.assert_allclose(lean, centred @ slope, atol=1e-6)
    assert lean[0, 0] > lean[2, 0]


def test_nobody_knows_anything() -> None:
    taste = Taste.fit(FactFeatures(), PEOPLE, TAKEN, 2.0)
    assert taste.lean(None, 3) is None
    assert taste.lean(PEOPLE.clear(2), 2) is None
    some = taste.lean(pl.concat([PEOPLE.clear(1), PEOPLE[:1]]), 2)
    assert some is not None
    assert (some[0] == 0).all()
    assert Taste.fit(FactFeatures(), pl.DataFrame(), TAKEN, 1.0).lean(PEOPLE, 6) is None


def test_a_value_that_training_never_saw_tells_nothing() -> None:
    taste = Taste.fit(FactFeatures(columns=("land",)), PEOPLE, TAKEN, 1.0)
    assert taste.lean(pl.DataFrame({"land": ["zz"], "age": [20]}), 1) is None


def test_arrays_bring_it_back() -> None:
    taste = Taste.fit(FactFeatures(), PEOPLE, TAKEN, 1.0)
    back = Taste.from_arrays(taste.arrays())
    np.testing.assert_array_equal(back.lean(PEOPLE, 6), taste.lean(PEOPLE, 6))
