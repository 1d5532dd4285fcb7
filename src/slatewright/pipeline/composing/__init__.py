"""Pages: titled rows of items, none of which stands on the page twice."""

from slatewright.pipeline.composing.page import Page, Row
from slatewright.pipeline.composing.subjects import LastItems, TopCategories

__all__ = ["LastItems", "Page", "Row", "TopCategories"]
