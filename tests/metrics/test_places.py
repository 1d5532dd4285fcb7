"""Means and sums over the places of lists."""

import numpy as np
import pytest

from slatewright.core.errors import BadInput
from slatewright.metrics.places import exposures, mean_of_places, mean_of_rows

LISTS = np.array([[0, 2, 1], [1, -7, 99], [9, 9, 9]], dtype=np.int32)
COUNTS = np.array([3, 1, 0])


def test_the_mean_counts_filled_places_only_and_an_empty_list_has_none() -> None:
    assert mean_of_places(LISTS, COUNTS, np.array([1.0, 2.0, 6.0])) == pytest.approx([3.0, 2.0, np.nan], nan_ok=True)


def test_exposures_count_places_or_weigh_them_by_position() -> None:
    assert exposures(LISTS, COUNTS, 4).tolist() == [1, 2, 1, 0]
    weighed = exposures(LISTS, COUNTS, 4, by_position=True)
    assert weighed == pytest.approx([1, 1 / np.log2(4) + 1, 1 / np.log2(3), 0])


def test_an_item_that_nobody_knows_is_refused() -> None:
    with pytest.raises(BadInput, match="among the 2 that are known"):
        mean_of_places(LISTS, COUNTS, np.ones(2))
    with pytest.raises(BadInput, match="among the 2 that are known"):
        exposures(LISTS, COUNTS, 2)


def test_counts_beyond_the_list_are_refused() -> None:
    with pytest.raises(BadInput, match="holds 0 to 3 items"):
        mean_of_places(LISTS, np.array([4, 0, 0]), np.ones(9))


def test_the_mean_of_rows_of_any_length() -> None:
    offsets, items = np.array([0, 2, 2, 5]), np.array([0, 1, 1, 1, 2], dtype=np.int32)
    found = mean_of_rows(offsets, items, np.array([1.0, 2.0, 6.0]))
    assert found == pytest.approx([1.5, np.nan, 10 / 3], nan_ok=True)
