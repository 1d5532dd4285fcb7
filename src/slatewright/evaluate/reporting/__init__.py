"""The report: an evaluation for people who would rather look than read, as one page."""

from slatewright.evaluate.reporting.contents import Made, Report
from slatewright.evaluate.reporting.gathering import gather
from slatewright.evaluate.reporting.page import render_html

__all__ = ["Made", "Report", "gather", "render_html"]
