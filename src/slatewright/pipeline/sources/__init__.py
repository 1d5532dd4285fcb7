"""Sources propose items. One source, one file."""

from slatewright.pipeline.sources.bought_together import BoughtTogetherSource
from slatewright.pipeline.sources.buy_it_again import BuyItAgainSource
from slatewright.pipeline.sources.editorial import EditorialSource
from slatewright.pipeline.sources.item_to_item import ItemToItemSource
from slatewright.pipeline.sources.model import ModelSource
from slatewright.pipeline.sources.nearest import NearestSource
from slatewright.pipeline.sources.popular import PopularSource
from slatewright.pipeline.sources.quota import Quota
from slatewright.pipeline.sources.recent import RecentSource
from slatewright.pipeline.sources.same_facts import SameFactsSource
from slatewright.pipeline.sources.segment_popular import SegmentPopularSource
from slatewright.pipeline.sources.trending import TrendingSource

__all__ = [
    "BoughtTogetherSource",
    "BuyItAgainSource",
    "EditorialSource",
    "ItemToItemSource",
    "ModelSource",
    "NearestSource",
    "PopularSource",
    "Quota",
    "RecentSource",
    "SameFactsSource",
    "SegmentPopularSource",
    "TrendingSource",
]
