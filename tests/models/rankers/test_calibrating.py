import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from slatewright.core.arrays import Array
from slatewright.models.rankers.calibrating import Calibration, Steps


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


def hill(marks: Array) -> Array:
    """Chances that no smooth curve of one slope follows: three plateaus."""
    return np.select([marks < -0.5, marks < 1.0], [0.02, 0.3], 0.5)


def test_steps_follow_chances_of_any_shape() -> None:
    random = np.random.default_rng(3)
    marks, fresh = random.normal(size=20_000), random.normal(size=5_000)
    taken, ones = random.random(len(marks)) < hill(marks), np.ones(len(marks), dtype=np.float32)
    smooth, steps = Calibration.of(marks, taken, ones), Steps.of(marks, taken, ones)
    wrong = {one: float(np.abs(one.chances(fresh) - hill(fresh)).mean()) for one in (smooth, steps)}
    assert wrong[steps] < 0.015
    assert wrong[steps] < wrong[smooth] / 3
    ranked = np.argsort(fresh)
    assert (np.diff(steps.chances(fresh)[ranked]) > 0).all()  # no order changes


def test_steps_are_the_isotonic_regression_of_scikit_learn() -> None:
    random = np.random.default_rng(4)
    marks, weights = random.integers(0, 40, 500) / 4.0, random.random(500).astype(np.float32)
    taken = random.random(500) < marks / 12
    steps = Steps.of(marks, taken, weights)
    assert isinstance(steps, Steps)
    fitted = IsotonicRegression(out_of_bounds="clip").fit(marks, taken, sample_weight=weights)
    asked = np.linspace(-1, 11, 200)
    np.testing.assert_allclose(np.interp(asked, steps.marks, steps.heights), fitted.predict(asked), atol=1e-6)
    np.testing.assert_allclose(steps.chances(asked), fitted.predict(asked), atol=0.0011)


@pytest.mark.parametrize("taken", [False, True])
def test_without_both_sides_there_are_no_steps(taken: bool) -> None:
    marks, all_of = np.arange(5.0), np.full(5, taken)
    assert isinstance(Steps.of(marks, all_of, np.ones(5, dtype=np.float32)), Calibration)
    assert isinstance(Steps.of(marks[:0], all_of[:0], np.ones(0, dtype=np.float32)), Calibration)
