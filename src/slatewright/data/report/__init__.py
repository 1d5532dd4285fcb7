"""The data report: what the events of a shop look like, in the terminal and as one HTML page."""

import lazy_loader

# Matplotlib is loaded with the pictures: other pages borrow the markup only, and a server draws none.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
