"""Comparing recommenders on the same cases, and saying which differences are real."""

from slatewright.evaluate.comparing.comparing import Comparing, compare, compare_judged
from slatewright.evaluate.comparing.comparison import Comparison, Difference

__all__ = ["Comparing", "Comparison", "Difference", "compare", "compare_judged"]
