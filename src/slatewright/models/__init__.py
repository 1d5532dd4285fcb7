"""Models: what is learned. One estimator, one file."""

from slatewright.models.blends.stacked import StackedBlend
from slatewright.models.blends.switching import SwitchingBlend
from slatewright.models.blends.weighted import WeightedBlend
from slatewright.models.factorisation.als import ALS
from slatewright.models.knn.item_knn import ItemKNN
from slatewright.models.linear.ease import EASE
from slatewright.models.model import Estimator, Known, Model
from slatewright.models.popularity import Popularity
from slatewright.models.ratings.biased_mf import BiasedMF
from slatewright.models.recommending import ItemLists
from slatewright.models.repeats.buy_it_again import BuyItAgain
from slatewright.models.segments.segment_popularity import SegmentPopularity

__all__ = [
    "ALS",
    "EASE",
    "BiasedMF",
    "BuyItAgain",
    "Estimator",
    "ItemKNN",
    "ItemLists",
    "Known",
    "Model",
    "Popularity",
    "SegmentPopularity",
    "StackedBlend",
    "SwitchingBlend",
    "WeightedBlend",
]
