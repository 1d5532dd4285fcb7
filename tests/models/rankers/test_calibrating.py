import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from slatewright.models.rankers.calibrating import Calibration


def test_chances_come_true() -> None:
    random = np.random.default_rng(0)
    marks = random.normal(size=20_000)
    taken = random.random(len(marks)) < expit(2 * marks - 3)
    found = Calibration.of(marks, taken, np.ones(len(marks), dtype=np.float32))
    assert found.slope == pytest.approx(2, abs=0.1)
    assert found.offset == pytest.approx(-3, abs=0.1)
    assert found.chances(marks).mean() == pytest.approx(taken.mean(), abs=0.002)


def test_it_is_the_logistic_regression_of_scikit_learn() -> None:
    random = np.random.default_rng(1)
    marks, weights = 30 + 5 * random.normal(size=3000), random.random(3000).astype(np.float32)
    taken = random.random(3000) < expit(marks - 31)
    found = Calibration.of(marks, taken, weights)
    fitted = LogisticRegression(C=1e9).fit(marks[:, None], taken, sample_weight=weights)
    np.testing.assert_allclose(found.chances(marks), fitted.predict_proba(marks[:, None])[:, 1], atol=0.01)


@given(
    st.lists(st.tuples(st.floats(-1e4, 1e4), st.booleans()), max_size=30),
)
@settings(max_examples=40)
def test_whatever_it_is_fitted_to_a_higher_mark_has_no_lower_chance(rows: list[tuple[float, bool]]) -> None:
    marks = np.array([mark for mark, _ in rows])
    taken = np.array([one for _, one in rows], dtype=np.bool_)
    chances = Calibration.of(marks, taken, np.ones(len(rows), dtype=np.float32)).chances(np.sort(marks))
    assert np.isfinite(chances).all()
    assert (np.diff(chances) >= 0).all()
