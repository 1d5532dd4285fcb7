from slatewright.models import ALS
from slatewright.testing.estimators import EstimatorKit


class TestALS(EstimatorKit):
    estimator = ALS(embedding_dim=8)
