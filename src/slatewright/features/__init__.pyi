from .contracts import Feature, Moment, Moments
from .counters import Counters
from .counts import Count, Mean, Newness, Rate, Recency, Trend
from .happenings import happenings
from .own import (
    Activity,
    HistoryCount,
    HistoryRecency,
    HistoryShare,
    Ignored,
    PriceAgainstHabit,
    SessionCount,
    Together,
)
from .sets import BoundFeatures, FeatureSet
from .told import DayOfWeek, Fact, HourOfDay, Price, RequestFact, Surface, UserFact

__all__ = [
    "Activity",
    "BoundFeatures",
    "Count",
    "Counters",
    "DayOfWeek",
    "Fact",
    "Feature",
    "FeatureSet",
    "HistoryCount",
    "HistoryRecency",
    "HistoryShare",
    "HourOfDay",
    "Ignored",
    "Mean",
    "Moment",
    "Moments",
    "Newness",
    "Price",
    "PriceAgainstHabit",
    "Rate",
    "Recency",
    "RequestFact",
    "SessionCount",
    "Surface",
    "Together",
    "Trend",
    "UserFact",
    "happenings",
]
