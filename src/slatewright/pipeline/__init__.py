"""Pipeline: a query becomes a slate in four stages: source, filter, score, order."""

from slatewright.pipeline.composing import LastItems, Page, Row, TopCategories
from slatewright.pipeline.contracts import Candidates, Proposal, Query
from slatewright.pipeline.filters import CategoryFilter, ExcludeFilter, SeenFilter, UnavailableFilter
from slatewright.pipeline.orders import (
    DPP,
    MMR,
    AtLeast,
    AtMost,
    Calibrated,
    Constraints,
    Exactly,
    Novelty,
    RoundRobin,
    Serendipity,
    TopK,
    Weighed,
)
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.policy import Boost, Bury, Exclude, Include, Pin
from slatewright.pipeline.recipe import Recipe, load_recipe
from slatewright.pipeline.request import Request
from slatewright.pipeline.scores import BlendScore, ModelScore
from slatewright.pipeline.slate import Placed, Slate, TitledSlate, Trace
from slatewright.pipeline.sources import (
    BuyItAgainSource,
    ItemToItemSource,
    ModelSource,
    PopularSource,
    RecentSource,
    SameFactsSource,
)
from slatewright.pipeline.world import World

__all__ = [
    "DPP",
    "MMR",
    "AtLeast",
    "AtMost",
    "BlendScore",
    "Boost",
    "Bury",
    "BuyItAgainSource",
    "Calibrated",
    "Candidates",
    "CategoryFilter",
    "Constraints",
    "Exactly",
    "Exclude",
    "ExcludeFilter",
    "Include",
    "ItemToItemSource",
    "LastItems",
    "ModelScore",
    "ModelSource",
    "Novelty",
    "Page",
    "Pin",
    "Pipeline",
    "Placed",
    "PopularSource",
    "Proposal",
    "Query",
    "RecentSource",
    "Recipe",
    "Request",
    "RoundRobin",
    "Row",
    "SameFactsSource",
    "SeenFilter",
    "Serendipity",
    "Slate",
    "TitledSlate",
    "TopCategories",
    "TopK",
    "Trace",
    "UnavailableFilter",
    "Weighed",
    "World",
    "load_recipe",
]
