"""Models: what is learned. One estimator, one file."""

from slatewright.models.blends.stacked import StackedBlend
from slatewright.models.blends.switching import SwitchingBlend
from slatewright.models.blends.weighted import WeightedBlend
from slatewright.models.content.content import Content
from slatewright.models.content.fact_features import FactFeatures
from slatewright.models.factorisation.als import ALS
from slatewright.models.factorisation.bpr import BPR
from slatewright.models.factorisation.new_items import with_new_items
from slatewright.models.funnels.conversion import Conversion
from slatewright.models.hybrid.fact_factors import FactFactors
from slatewright.models.hybrid.fact_map import FactMap, FactorMap
from slatewright.models.hybrid.fact_mapped import FactMapped
from slatewright.models.knn.item_knn import ItemKNN
from slatewright.models.knn.rating_knn import RatingKNN
from slatewright.models.knn.rp3beta import RP3beta
from slatewright.models.knn.user_knn import UserKNN
from slatewright.models.linear.ease import EASE
from slatewright.models.linear.graph_filter import GraphFilter
from slatewright.models.linear.slim import SLIM
from slatewright.models.linear.sparse_inverse import SparseInverse
from slatewright.models.model import Estimator, Known, Model
from slatewright.models.popularity import Popularity
from slatewright.models.ratings.als_wr import ALSWR
from slatewright.models.ratings.bayesian_mf import BayesianMF
from slatewright.models.ratings.biased_mf import BiasedMF
from slatewright.models.ratings.pure_svd import PureSVD
from slatewright.models.ratings.svdpp import SVDpp
from slatewright.models.ratings.truncated_svd import TruncatedSVD
from slatewright.models.recommending import ItemLists
from slatewright.models.repeats.buy_it_again import BuyItAgain
from slatewright.models.rules.association_rules import AssociationRules
from slatewright.models.segments.segment_popularity import SegmentPopularity

__all__ = [
    "ALS",
    "ALSWR",
    "BPR",
    "EASE",
    "SLIM",
    "AssociationRules",
    "BayesianMF",
    "BiasedMF",
    "BuyItAgain",
    "Content",
    "Conversion",
    "Estimator",
    "FactFactors",
    "FactFeatures",
    "FactMap",
    "FactMapped",
    "FactorMap",
    "GraphFilter",
    "ItemKNN",
    "ItemLists",
    "Known",
    "Model",
    "Popularity",
    "PureSVD",
    "RP3beta",
    "RatingKNN",
    "SVDpp",
    "SegmentPopularity",
    "SparseInverse",
    "StackedBlend",
    "SwitchingBlend",
    "TruncatedSVD",
    "UserKNN",
    "WeightedBlend",
    "with_new_items",
]
