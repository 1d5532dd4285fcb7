"""Facts as numbers: filled, scaled and encoded, with everything learned from the training rows alone."""

from slatewright.data.encoding.facts import FactsEncoder, FactsModel

__all__ = ["FactsEncoder", "FactsModel"]
