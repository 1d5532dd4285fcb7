"""The shapes that hold arrays only, by name; a blend is made of these, and of other blends."""

from collections.abc import Mapping

from slatewright.models.model import Model
from slatewright.models.shapes.dense_pairs import DensePairs
from slatewright.models.shapes.encoded_histories import EncodedHistories
from slatewright.models.shapes.fact_factors import FactedFactors
from slatewright.models.shapes.fact_network import FactNetwork
from slatewright.models.shapes.factors import Factors
from slatewright.models.shapes.filtered_graph import FilteredGraph
from slatewright.models.shapes.item_pairs import ItemPairs
from slatewright.models.shapes.item_rules import ItemRules
from slatewright.models.shapes.item_scores import ItemScores
from slatewright.models.shapes.item_subspace import ItemSubspace
from slatewright.models.shapes.item_vectors import ItemVectors
from slatewright.models.shapes.kind_rates import KindRates
from slatewright.models.shapes.owned_factors import OwnedFactors
from slatewright.models.shapes.pair_network import PairNetwork
from slatewright.models.shapes.rating_factors import RatingFactors
from slatewright.models.shapes.rating_pairs import RatingPairs
from slatewright.models.shapes.rating_votes import RatingVotes
from slatewright.models.shapes.repeat_rates import RepeatRates
from slatewright.models.shapes.segment_scores import SegmentScores
from slatewright.models.shapes.two_towers import TwoTowers
from slatewright.models.shapes.user_votes import UserVotes

PLAIN: Mapping[str, type[Model]] = {
    "dense_pairs": DensePairs,
    "encoded_histories": EncodedHistories,
    "fact_factors": FactedFactors,
    "fact_network": FactNetwork,
    "factors": Factors,
    "filtered_graph": FilteredGraph,
    "item_pairs": ItemPairs,
    "item_rules": ItemRules,
    "item_scores": ItemScores,
    "item_subspace": ItemSubspace,
    "item_vectors": ItemVectors,
    "kind_rates": KindRates,
    "owned_factors": OwnedFactors,
    "pair_network": PairNetwork,
    "rating_factors": RatingFactors,
    "rating_pairs": RatingPairs,
    "rating_votes": RatingVotes,
    "repeat_rates": RepeatRates,
    "segment_scores": SegmentScores,
    "two_towers": TwoTowers,
    "user_votes": UserVotes,
}
