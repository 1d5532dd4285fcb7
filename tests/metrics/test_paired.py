"""Paired tests against exact enumeration, SciPy, and p-values with a known distribution."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from slatewright.core.errors import BadInput
from slatewright.metrics.paired import (
    CORRECTIONS,
    MANY_USERS,
    TESTS,
    benjamini_hochberg,
    holm,
    randomisation,
    signed_rank,
    students_t,
)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_randomisation_agrees_with_all_the_flips_there_are() -> None:
    differences = np.array([0.3, -0.1, 0.25, 0.4, 0.0, 0.2, -0.05, 0.1, 0.3, 0.15])
    sums = np.array([np.dot(signs, differences) for signs in product((-1, 1), repeat=10)])
    exact = (np.abs(sums) >= abs(differences.sum()) - 1e-12).mean()
    assert randomisation(differences[:, None], rng())[0] == pytest.approx(exact, abs=0.005)


def test_randomisation_beyond_many_users_agrees_with_the_t_test() -> None:
    differences = rng().normal(0.01, 1, size=(MANY_USERS + 1, 2))
    np.testing.assert_allclose(randomisation(differences, rng()), students_t(differences, rng()), atol=1e-3)


def test_student_and_wilcoxon_are_scipys() -> None:
    first, second = rng().random(40), rng().random(40) * 0.9
    differences = (first - second)[:, None]
    assert students_t(differences, rng())[0] == pytest.approx(stats.ttest_rel(first, second).pvalue)
    assert signed_rank(differences, rng())[0] == pytest.approx(stats.wilcoxon(first, second).pvalue)


@pytest.mark.parametrize("name", TESTS)
def test_two_that_are_alike_are_called_different_as_often_as_the_level_says(name: str) -> None:
    draws = rng().normal(size=(60, 400))
    rejected = (TESTS[name](draws, rng()) < 0.1).mean()
    assert 0.06 < rejected < 0.14


@pytest.mark.parametrize("name", TESTS)
def test_a_clear_lead_is_told(name: str) -> None:
    lead = rng().normal(0.5, 0.3, size=(50, 1))
    assert TESTS[name](lead, rng())[0] < 0.001


@pytest.mark.parametrize("name", TESTS)
def test_no_difference_at_all_is_p_one(name: str) -> None:
    assert TESTS[name](np.zeros((5, 1)), rng())[0] == 1.0


@pytest.mark.parametrize("name", TESTS)
def test_one_user_tells_nothing(name: str) -> None:
    assert TESTS[name](np.array([[0.7]]), rng())[0] >= 0.5


def test_holm_by_hand() -> None:
    np.testing.assert_allclose(holm(np.array([0.04, 0.01, 0.03])), [0.06, 0.03, 0.06])


def test_benjamini_hochberg_by_hand() -> None:
    np.testing.assert_allclose(benjamini_hochberg(np.array([0.01, 0.04, 0.03])), [0.03, 0.04, 0.04])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_a_correction_never_makes_a_finding_surer_and_keeps_the_order(values: list[float]) -> None:
    p = np.array(values)
    for correction in CORRECTIONS.values():
        adjusted = correction(p)
        assert (adjusted >= p - 1e-12).all()
        assert (adjusted <= 1).all()
        order = np.argsort(p, kind="stable")
        assert (np.diff(adjusted[order]) >= -1e-12).all()


@pytest.mark.parametrize("wrong", [np.zeros((0, 1)), np.zeros(4), np.array([[np.nan]])])
def test_what_cannot_be_tested_is_refused(wrong: np.ndarray) -> None:
    for test in TESTS.values():
        with pytest.raises(BadInput, match="a paired test needs"):
            test(wrong, rng())
