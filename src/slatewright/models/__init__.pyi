# What the package has, and where: read by type checkers, and by the package itself when a name is first used.

from .blends.balanced import Balanced
from .blends.stacked import StackedBlend
from .blends.switching import SwitchingBlend
from .blends.weighted import WeightedBlend
from .content.content import Content
from .content.fact_features import FactFeatures
from .factorisation.als import ALS
from .factorisation.bpr import BPR
from .factorisation.new_items import with_new_items
from .funnels.conversion import Conversion
from .hybrid.fact_factors import FactFactors
from .hybrid.fact_map import FactMap, FactorMap
from .hybrid.fact_mapped import FactMapped
from .knn.item_knn import ItemKNN
from .knn.rating_knn import RatingKNN
from .knn.rp3beta import RP3beta
from .knn.user_knn import UserKNN
from .linear.ease import EASE
from .linear.graph_filter import GraphFilter
from .linear.slim import SLIM
from .linear.sparse_inverse import SparseInverse
from .model import Estimator, Known, Model
from .neural.facts.content_network import ContentNetwork
from .neural.facts.deep_cross import DeepCross
from .neural.facts.dmf import DMF
from .neural.facts.fields import FactFields
from .neural.facts.two_tower import TwoTower
from .neural.facts.vectors import FactVectors
from .neural.facts.wide_and_deep import WideAndDeep
from .neural.pairs.gmf import GMF
from .neural.pairs.mf import MF
from .neural.pairs.mlp import MLP
from .neural.pairs.neumf import NeuMF
from .neural.sequences.sasrec import SASRec
from .neural.updating.update import Updated, Updating, update
from .popularity import Popularity
from .ratings.als_wr import ALSWR
from .ratings.bayesian_mf import BayesianMF
from .ratings.biased_mf import BiasedMF
from .ratings.pure_svd import PureSVD
from .ratings.svdpp import SVDpp
from .ratings.truncated_svd import TruncatedSVD
from .recommending import ItemLists
from .repeats.buy_it_again import BuyItAgain
from .rules.association_rules import AssociationRules
from .segments.segment_popularity import SegmentPopularity
from .shapes.brought import Brought

__all__ = [
    "ALS",
    "ALSWR",
    "BPR",
    "DMF",
    "EASE",
    "GMF",
    "MF",
    "MLP",
    "SLIM",
    "AssociationRules",
    "Balanced",
    "BayesianMF",
    "BiasedMF",
    "Brought",
    "BuyItAgain",
    "Content",
    "ContentNetwork",
    "Conversion",
    "DeepCross",
    "Estimator",
    "FactFactors",
    "FactFeatures",
    "FactFields",
    "FactMap",
    "FactMapped",
    "FactVectors",
    "FactorMap",
    "GraphFilter",
    "ItemKNN",
    "ItemLists",
    "Known",
    "Model",
    "NeuMF",
    "Popularity",
    "PureSVD",
    "RP3beta",
    "RatingKNN",
    "SASRec",
    "SVDpp",
    "SegmentPopularity",
    "SparseInverse",
    "StackedBlend",
    "SwitchingBlend",
    "TruncatedSVD",
    "TwoTower",
    "Updated",
    "Updating",
    "UserKNN",
    "WeightedBlend",
    "WideAndDeep",
    "update",
    "with_new_items",
]
