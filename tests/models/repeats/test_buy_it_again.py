"""How likely, and when, a thing is bought once more."""

from slatewright.models.repeats.buy_it_again import BuyItAgain
from slatewright.testing.estimators import EstimatorKit


class TestBuyItAgain(EstimatorKit):
    estimator = BuyItAgain()


class TestLately(EstimatorKit):
    estimator = BuyItAgain(horizon_days=3.0, shrinkage=0.0, half_life_days=10.0)
