"""Policy: what the shop wants shown, in rules over facts of items, users and requests."""

from slatewright.pipeline.policy.boosting import BoostScore
from slatewright.pipeline.policy.condition import Condition
from slatewright.pipeline.policy.filtering import RuleFilter
from slatewright.pipeline.policy.pinning import PinnedSource, PinOrder
from slatewright.pipeline.policy.rules import BadRule, Boost, Bury, Exclude, Include, Pin, Rule
from slatewright.pipeline.policy.wording import BadExpression

__all__ = [
    "BadExpression",
    "BadRule",
    "Boost",
    "BoostScore",
    "Bury",
    "Condition",
    "Exclude",
    "Include",
    "Pin",
    "PinOrder",
    "PinnedSource",
    "Rule",
    "RuleFilter",
]
