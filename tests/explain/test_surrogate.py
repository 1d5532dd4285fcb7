import numpy as np
import pytest

from slatewright.core.arrays import Array
from slatewright.explain.surrogate import near_row, of_presence

BACKGROUND = np.random.default_rng(1).normal(2.0, 3.0, size=(200, 3))


def line(values: Array) -> Array:
    return np.asarray(2 * values[:, 0] - 5 * values[:, 1] + 7)


def test_a_linear_score_is_found_with_the_mean_row_as_base() -> None:
    row = np.array([1.0, 2.0, 3.0])
    found = near_row(line, row, BACKGROUND, 0, 2_000)
    mean = BACKGROUND.mean(axis=0)
    assert found.fit == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(found.parts, [2, -5, 0] * (row - mean), atol=0.02)
    assert found.base == pytest.approx(line(mean[None])[0], abs=0.05)


def test_only_what_is_near_counts() -> None:
    def bent(values: Array) -> Array:
        return np.abs(values[:, 0])

    background = np.random.default_rng(1).normal(0, 0.2, size=(200, 1))
    left, right = (near_row(bent, np.array([at]), background, 0, 1_000) for at in (-2.0, 2.0))
    assert left.parts[0] == pytest.approx(2, abs=0.2)
    assert right.parts[0] == pytest.approx(2, abs=0.2)
    assert left.fit > 0.99


def test_a_code_is_the_same_or_another_and_nothing_between() -> None:
    asked = []

    def score(values: Array) -> Array:
        asked.append(set(values[:, 0]))
        return np.where(values[:, 0] == 3, 10.0, 0.0)

    background = np.c_[np.arange(300) % 3 + 1.0, np.random.default_rng(0).normal(size=300)]
    found = near_row(score, np.array([3.0, 0.5]), background, 0, 1_000)
    assert asked[0] == {1.0, 2.0, 3.0}
    np.testing.assert_allclose(found.parts, [10, 0], atol=0.2)


def test_presence_asks_for_things_that_are_there_or_not() -> None:
    def score(present: Array) -> Array:
        assert set(np.unique(present)) == {0.0, 1.0}
        assert (present[0] == 1).all()
        return np.asarray(present @ np.array([3.0, 0.0, -1.0]) + 4)

    found = of_presence(score, 3, 0, 500)
    np.testing.assert_allclose(found.parts, [3, 0, -1], atol=0.1)
    assert found.base == pytest.approx(4, abs=0.1)


def test_the_seed_decides() -> None:
    def bent(present: Array) -> Array:
        return np.asarray(present.prod(axis=1))

    first, again, other = (of_presence(bent, 4, rng, 100) for rng in (1, 1, 2))
    np.testing.assert_array_equal(first.parts, again.parts)
    assert (first.parts != other.parts).any()
