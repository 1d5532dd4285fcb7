"""The data report: what the events of a shop look like, in the terminal and as one HTML page."""

from slatewright.data.report.contents import DataReport, Imported
from slatewright.data.report.describing import describe
from slatewright.data.report.page import render_html
from slatewright.data.report.terminal import render_terminal

__all__ = ["DataReport", "Imported", "describe", "render_html", "render_terminal"]
