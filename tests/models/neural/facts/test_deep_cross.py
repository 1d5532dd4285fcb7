from slatewright.models import DeepCross
from slatewright.testing.estimators import EstimatorKit


class TestDeepCross(EstimatorKit):
    estimator = DeepCross(embedding_dim=4, layers=(8,), epochs=2, longest_history=5, batch_size=256)
