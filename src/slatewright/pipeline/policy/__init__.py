"""Policy: what the shop wants shown, in rules over facts of items, users and requests."""

from slatewright.pipeline.policy.condition import Condition
from slatewright.pipeline.policy.wording import BadExpression

__all__ = ["BadExpression", "Condition"]
