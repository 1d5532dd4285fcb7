from slatewright.models.neural.pairs.gmf import GMF
from slatewright.testing.estimators import EstimatorKit


class TestGMF(EstimatorKit):
    estimator = GMF(embedding_dim=8, epochs=4, batch_size=64, learning_rate=0.02)
