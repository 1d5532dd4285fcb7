import math

import numpy as np
import polars as pl
import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput
from slatewright.data.histories import Histories
from slatewright.features import (
    DayOfWeek,
    Fact,
    Feature,
    FeatureSet,
    HourOfDay,
    Moment,
    Price,
    RequestFact,
    Surface,
    UserFact,
)
from tests.features.worlds import N_ITEMS, catalogue

CATALOGUE = catalogue()
ALL = np.arange(N_ITEMS, dtype=np.int32)
NOBODY = Histories.of([[]])
NOW = instant("2024-03-06T18:30:00Z")  # a Wednesday


def column(feature: Feature, moment: Moment) -> list[float]:
    bound = FeatureSet((feature,)).bind(CATALOGUE)
    return [float(one) for one in bound.read(moment, ALL, bound.nothing(NOW))[:, 0]]


def test_facts_of_items_are_numbers_and_what_is_not_known_is_nothing() -> None:
    moment = Moment(NOW, NOBODY)
    assert column(Fact("stock"), moment) == [float(at % 5) for at in range(N_ITEMS)]
    prices = [0.0 if at in (3, 8) else math.log(2.0 + at) for at in range(N_ITEMS)]
    np.testing.assert_allclose(column(Price(), moment), prices, rtol=1e-6)
    assert column(Fact("price"), moment)[3] == 0.0


def test_a_fact_that_is_no_number_is_refused_with_what_to_do() -> None:
    with pytest.raises(BadInput, match=r"Fact\('brand'\).*count by='brand'"):
        FeatureSet((Fact("brand"),)).bind(CATALOGUE)
    user = Histories.of([[]], facts=pl.DataFrame({"country": ["FR"]}))
    with pytest.raises(BadInput, match=r"UserFact\('country'\) must name a fact that is a number"):
        column(UserFact("country"), Moment(NOW, user))


def test_what_a_request_says_goes_for_all_of_its_items() -> None:
    moment = Moment(NOW, NOBODY, {"device": "phone"}, "home")
    for feature, wanted in (
        (Surface("home"), 1.0),
        (Surface("cart"), 0.0),
        (RequestFact("device", "phone"), 1.0),
        (RequestFact("device", "desk"), 0.0),
        (RequestFact("weather", "rain"), 0.0),
        (HourOfDay(), 18.5),
        (DayOfWeek(), 2.0),
        (UserFact("age"), 0.0),
    ):
        assert column(feature, moment) == [wanted] * N_ITEMS


@pytest.mark.parametrize(("known", "wanted"), [(31, 31.0), (None, 0.0), (True, 1.0), (float("nan"), 0.0)])
def test_a_fact_of_the_user_is_a_number(known: float | None, wanted: float) -> None:
    user = Histories.of([[]], facts=pl.DataFrame({"age": [known]}, strict=False))
    if known is None:
        user = Histories.of([[]], facts=pl.DataFrame({"age": [None]}, schema={"age": pl.Int64}))
    assert column(UserFact("age"), Moment(NOW, user)) == [wanted] * N_ITEMS
