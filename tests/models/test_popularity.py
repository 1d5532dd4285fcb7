import numpy as np
import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import BadKnob
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.models import Popularity
from slatewright.testing.estimators import EstimatorKit


class TestPopularity(EstimatorKit):
    estimator = Popularity()


class TestPopularityOfLate(EstimatorKit):
    estimator = Popularity(half_life_days=30)


def week() -> Dataset:
    """Item a twice on day 0, item b once on day 7; known as of day 7 and one instant."""
    rows = [("u", "a", 0, "buy"), ("v", "a", 0, "view"), ("v", "b", 7 * MICROSECONDS_PER_DAY, "buy")]
    return dataset_of(pl.DataFrame(rows, ["user_id", "item_id", "time", "kind"], orient="row"), weights={"buy": 5.0})


def test_items_score_by_the_weight_of_their_events() -> None:
    assert Popularity().fit(week()).score(Histories.of([[]])).tolist() == [[6, 5]]


def test_old_events_count_half_after_the_half_life() -> None:
    scores = Popularity(half_life_days=7).fit(week()).score(Histories.of([[]]))
    np.testing.assert_allclose(scores, [[3, 5]], rtol=1e-6)


def test_a_half_life_must_be_positive() -> None:
    with pytest.raises(BadKnob, match=r"Popularity\.half_life_days must be > 0, got 0"):
        Popularity(half_life_days=0)
