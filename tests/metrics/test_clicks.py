"""Click rates by hand."""

import numpy as np
import pytest

from slatewright.core.errors import BadInput
from slatewright.metrics.clicks import click_rate

CLICKED = np.array([True, False, False, False, True, False])  # slates of three, none and three places
OFFSETS = np.array([0, 3, 3, 6])


def test_clicks_over_places_among_the_first_k() -> None:
    assert np.nanmean(click_rate(CLICKED, OFFSETS, 1)) == pytest.approx(1 / 2)
    assert np.nanmean(click_rate(CLICKED, OFFSETS, 2)) == pytest.approx(2 / 4)
    assert np.nanmean(click_rate(CLICKED, OFFSETS, 9)) == pytest.approx(2 / 6)
    assert np.isnan(click_rate(CLICKED, OFFSETS, 1)[1])


def test_one_more_click_moves_it() -> None:
    more = CLICKED | (np.arange(6) == 3)
    assert np.nanmean(click_rate(more, OFFSETS, 1)) == 1


def test_a_long_slate_counts_by_its_places() -> None:
    clicked = np.array([True] + [False] * 9)
    assert np.nanmean(click_rate(clicked, np.array([0, 1, 10]), 10)) == pytest.approx(1 / 10)


def test_nothing_shown_has_no_rate() -> None:
    assert np.isnan(click_rate(np.empty(0, dtype=bool), np.array([0, 0]), 5)).all()


def test_bad_input_is_refused() -> None:
    with pytest.raises(BadInput, match="k of at least 1, got 0"):
        click_rate(CLICKED, OFFSETS, 0)
    with pytest.raises(BadInput, match="cover all 6 places"):
        click_rate(CLICKED, OFFSETS[:2], 1)
