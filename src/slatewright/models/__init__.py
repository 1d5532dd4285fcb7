"""Models: what is learned. One estimator, one file; a file is loaded when its estimator is first named."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
