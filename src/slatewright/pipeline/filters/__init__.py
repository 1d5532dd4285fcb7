"""Filters drop items. One filter, one file."""

from slatewright.pipeline.filters.category import CategoryFilter
from slatewright.pipeline.filters.exclude import ExcludeFilter
from slatewright.pipeline.filters.seen import SeenFilter
from slatewright.pipeline.filters.unavailable import UnavailableFilter

__all__ = ["CategoryFilter", "ExcludeFilter", "SeenFilter", "UnavailableFilter"]
