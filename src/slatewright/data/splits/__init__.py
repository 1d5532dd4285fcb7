"""Splits: what a model may learn from, and what it is then judged by."""

from slatewright.data.splits.by_time import GlobalTime, RollingWindows, TimeSplit
from slatewright.data.splits.by_user import ByUser
from slatewright.data.splits.cases import Cases, cases_of
from slatewright.data.splits.fold import Fold, Split
from slatewright.data.splits.k_fold import KFold
from slatewright.data.splits.last_n import LastN
from slatewright.data.splits.protocol import BY_HAND, Order, Protocol
from slatewright.data.splits.warm_items import WarmItems, warm_items

__all__ = [
    "BY_HAND",
    "ByUser",
    "Cases",
    "Fold",
    "GlobalTime",
    "KFold",
    "LastN",
    "Order",
    "Protocol",
    "RollingWindows",
    "Split",
    "TimeSplit",
    "WarmItems",
    "cases_of",
    "warm_items",
]
