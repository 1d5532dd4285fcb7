"""Sources propose items. One source, one file."""

from slatewright.pipeline.sources.buy_it_again import BuyItAgainSource
from slatewright.pipeline.sources.item_to_item import ItemToItemSource
from slatewright.pipeline.sources.model import ModelSource
from slatewright.pipeline.sources.popular import PopularSource
from slatewright.pipeline.sources.recent import RecentSource
from slatewright.pipeline.sources.same_facts import SameFactsSource

__all__ = ["BuyItAgainSource", "ItemToItemSource", "ModelSource", "PopularSource", "RecentSource", "SameFactsSource"]
