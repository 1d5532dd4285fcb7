"""Splits: what a model may learn from, and what it is then judged by."""

from slatewright.data.splits.allowing import Allowing
from slatewright.data.splits.by_time import GlobalTime, RollingWindows, TimeSplit
from slatewright.data.splits.by_user import ByUser
from slatewright.data.splits.cases import Cases, cases_of
from slatewright.data.splits.choosing import PROTOCOLS, Chosen, card_of, chosen_split, split_of_card
from slatewright.data.splits.fold import Fold, Split
from slatewright.data.splits.k_fold import KFold
from slatewright.data.splits.last_n import LastN
from slatewright.data.splits.protocol import BY_HAND, Order, Protocol
from slatewright.data.splits.sampling import SampledNegatives
from slatewright.data.splits.warm_items import WarmItems, warm_items

__all__ = [
    "BY_HAND",
    "PROTOCOLS",
    "Allowing",
    "ByUser",
    "Cases",
    "Chosen",
    "Fold",
    "GlobalTime",
    "KFold",
    "LastN",
    "Order",
    "Protocol",
    "RollingWindows",
    "SampledNegatives",
    "Split",
    "TimeSplit",
    "WarmItems",
    "card_of",
    "cases_of",
    "chosen_split",
    "split_of_card",
    "warm_items",
]
