"""Residuals along what was predicted, activity and time, held against a hand calculation."""

import numpy as np
import pytest

from slatewright.evaluate.diagnosis.residuals import Residuals, residuals_of
from slatewright.evaluate.diagnosis.trends import OF_ITEM, OF_USER, PREDICTED, TIME, trends_of
from slatewright.models import BiasedMF

from .test_residuals import FOLD

FOUND = residuals_of(BiasedMF(embedding_dim=1, epochs=3).fit(FOLD.train), FOLD.test)
TRENDS = {trend.along: trend for trend in trends_of(FOUND, FOLD.test, FOLD.train)}


def test_every_rating_is_in_a_band_of_each_trend_unless_hardly_anybody_is_in_it() -> None:
    assert list(TRENDS) == [PREDICTED, OF_USER, OF_ITEM, TIME]
    assert sum(band.ratings for band in TRENDS[PREDICTED].bands) == len(FOUND)
    for trend in TRENDS.values():
        assert 0.95 * len(FOUND) < sum(band.ratings for band in trend.bands) <= len(FOUND)
        assert [band.at for band in trend.bands] == sorted(band.at for band in trend.bands)


def test_a_band_by_hand() -> None:
    first = TRENDS[PREDICTED].bands[0]
    mine = FOUND.predicted < np.quantile(FOUND.predicted.astype(np.float64), 0.1)
    assert first.ratings == mine.sum()
    assert first.residual.value == pytest.approx(FOUND.residual[mine].mean())
    assert first.rmse == pytest.approx(np.sqrt(np.square(FOUND.residual[mine]).mean()))
    assert first.at == pytest.approx(FOUND.predicted[mine].mean())


def test_the_interval_is_that_of_users_who_are_off_as_one() -> None:
    """Every rating of a user is off alike: a hundred ratings of ten users are no surer than ten."""
    case = np.repeat(np.arange(10), 100)
    off = np.linspace(-1, 1, 10)[case]
    times = np.tile(np.arange(100), 10)
    found = Residuals(case, np.zeros(1000, np.int32), off.astype(np.float32), np.zeros(1000, np.float32), times)
    trend = next(one for one in trends_of(found, FOLD.test, FOLD.train) if one.along == TIME)
    each = np.linspace(-1, 1, 10)
    half = 2.262 * each.std(ddof=1) / np.sqrt(10)
    for band in trend.bands:
        assert band.residual.high == pytest.approx(half, rel=1e-3)


def test_what_does_not_vary_is_left_out() -> None:
    found = Residuals(
        np.arange(6), np.zeros(6, np.int32), np.ones(6, np.float32), np.full(6, 3, np.float32), np.arange(6)
    )
    along = [trend.along for trend in trends_of(found, FOLD.test, FOLD.train)]
    assert PREDICTED not in along
    assert OF_ITEM not in along
