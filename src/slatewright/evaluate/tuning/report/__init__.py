"""What a search found, for people: sentences, a table in the terminal, a page with pictures, plain data."""

from slatewright.evaluate.tuning.report.page import render_html
from slatewright.evaluate.tuning.report.plain import as_dict
from slatewright.evaluate.tuning.report.saying import sentences, verdict
from slatewright.evaluate.tuning.report.table import best_trials, progress_table

__all__ = ["as_dict", "best_trials", "progress_table", "render_html", "sentences", "verdict"]
