from slatewright.models import Popularity
from slatewright.testing.estimators import EstimatorKit


class TestPopularity(EstimatorKit):
    estimator = Popularity()
