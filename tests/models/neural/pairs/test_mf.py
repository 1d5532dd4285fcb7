from slatewright.models.neural.pairs.mf import MF
from slatewright.testing.estimators import EstimatorKit


class TestMF(EstimatorKit):
    estimator = MF(embedding_dim=8, epochs=4, batch_size=64, learning_rate=0.02)
