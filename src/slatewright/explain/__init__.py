"""Explain: why an item is in a slate, and why another is not, in words a shop keeper understands."""

from slatewright.explain.explanation import Because, Explanation, Moved, Proposed
from slatewright.explain.why import why, why_not

__all__ = ["Because", "Explanation", "Moved", "Proposed", "why", "why_not"]
