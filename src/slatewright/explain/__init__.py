"""Explain: why an item is in a slate and another is not, in words; what a score is made of, in numbers."""

from slatewright.explain.explain import explain
from slatewright.explain.explanation import Because, Explanation, Moved, Proposed
from slatewright.explain.feature_table import FeatureTable
from slatewright.explain.reasons import Importance, Part, Reasons, Weight
from slatewright.explain.why import why, why_not

__all__ = [
    "Because",
    "Explanation",
    "FeatureTable",
    "Importance",
    "Moved",
    "Part",
    "Proposed",
    "Reasons",
    "Weight",
    "explain",
    "why",
    "why_not",
]
