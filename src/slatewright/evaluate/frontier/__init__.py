"""What variety costs: one trained pipeline, its slates arranged in many ways, each judged by the same cases."""

from slatewright.evaluate.frontier.frontier import Frontier, Point
from slatewright.evaluate.frontier.sweeping import Way, frontier, ways_of

__all__ = ["Frontier", "Point", "Way", "frontier", "ways_of"]
