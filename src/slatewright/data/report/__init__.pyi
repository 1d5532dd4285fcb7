from .contents import DataReport, Imported
from .describing import describe
from .page import render_html
from .terminal import render_terminal

__all__ = ["DataReport", "Imported", "describe", "render_html", "render_terminal"]
