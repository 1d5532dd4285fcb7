"""Shapes: the few forms that most fitted models take. Retrieval, reasons and storage are written once per shape."""

from slatewright.models.shapes.dense_pairs import DensePairs
from slatewright.models.shapes.factors import Factors
from slatewright.models.shapes.item_pairs import ItemPairs
from slatewright.models.shapes.item_scores import ItemScores

__all__ = ["DensePairs", "Factors", "ItemPairs", "ItemScores"]
