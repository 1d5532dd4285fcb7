"""Calibration against Steck's formula, written out."""

import numpy as np
import pytest
from scipy.stats import entropy

from slatewright.core.errors import BadInput
from slatewright.metrics.calibration import miscalibration

OFFSETS = np.array([0, 1, 2, 4, 4], dtype=np.int64)  # item 0: category 0; 1: 1; 2: both; 3: none
CATEGORIES = np.array([0, 1, 0, 1], dtype=np.int32)


def of(own: list[int], shown: list[int]) -> float:
    lists = np.array([shown], dtype=np.int32)
    taken = np.array(own, dtype=np.int32)
    found = miscalibration(lists, np.array([len(shown)]), np.array([0, len(own)]), taken, OFFSETS, CATEGORIES)
    return float(found[0])


def test_by_the_formula() -> None:
    own, shown = np.array([0.7, 0.3]), np.array([1.0, 0.0])
    expected = entropy(own, 0.99 * shown + 0.01 * own)
    assert of([0] * 7 + [1] * 3, [0]) == pytest.approx(expected)


def test_the_same_mix_costs_nothing_and_another_one_more_and_more() -> None:
    assert of([0, 1], [1, 0]) == pytest.approx(0)
    assert of([0, 1], [2]) == pytest.approx(0)
    assert 0 < of([0, 0, 1], [0, 1]) < of([0, 0, 1], [1])
    assert of([0], [1]) == pytest.approx(np.log(100))


def test_without_categories_there_is_no_mix() -> None:
    assert np.isnan(of([3], [0]))
    assert np.isnan(of([0], [3]))
    assert np.isnan(of([], [0]))
    assert of([0, 3], [0]) == pytest.approx(0)  # an item without a category says nothing


def test_one_user_leaves_no_trace_in_the_next() -> None:
    lists = np.array([[1, 0], [0, 1], [0, 2]], dtype=np.int32)
    taken, offsets = np.array([0, 0, 1, 2, 2], dtype=np.int32), np.array([0, 3, 3, 5])
    found = miscalibration(lists, np.array([2, 2, 1]), offsets, taken, OFFSETS, CATEGORIES)
    assert found == pytest.approx([of([0, 0, 1], [1, 0]), np.nan, of([2, 2], [0])], nan_ok=True)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadInput, match="2 offsets of histories, got 1"):
        miscalibration(np.zeros((1, 1), np.int32), np.array([1]), np.array([0]), CATEGORIES, OFFSETS, CATEGORIES)
