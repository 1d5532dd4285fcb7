from slatewright.models import ItemKNN
from slatewright.testing.estimators import EstimatorKit


class TestItemKNN(EstimatorKit):
    estimator = ItemKNN()
