from slatewright.models import WideAndDeep
from slatewright.testing.estimators import EstimatorKit


class TestWideAndDeep(EstimatorKit):
    estimator = WideAndDeep(embedding_dim=4, layers=(8,), epochs=2, longest_history=5, batch_size=256)
