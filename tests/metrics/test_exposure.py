"""Exposure of groups, by hand."""

import numpy as np
import pytest

from slatewright.metrics.exposure import exposure_by_group, exposure_of

LISTS, COUNTS = np.array([[0, 1], [1, 2], [3, 3]], dtype=np.int32), np.array([2, 2, 0])


def test_the_share_of_places() -> None:
    found = exposure_of(LISTS, COUNTS, np.array([False, True, False, False]))
    assert found == pytest.approx([0.5, 0.5, np.nan], nan_ok=True)
    assert exposure_of(LISTS, COUNTS, np.array([True, True, True, False]))[:2].tolist() == [1, 1]


def test_the_top_of_the_list_gets_more_attention() -> None:
    offsets, groups = np.array([0, 1, 2, 4, 4]), np.array([0, 1, 0, 1], dtype=np.int32)
    second = 1 / np.log2(3)
    attention = np.array([1 + second / 2, second + 1 + second / 2])
    assert exposure_by_group(LISTS, COUNTS, offsets, groups, 2) == pytest.approx(attention / attention.sum())
    assert exposure_by_group(LISTS, np.zeros(3, dtype=np.int64), offsets, groups, 2).tolist() == [0, 0]
