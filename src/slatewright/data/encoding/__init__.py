"""Facts as numbers: filled, scaled and encoded, with everything learned from the training rows alone.

What learns is loaded when it is first used, and scikit-learn with it; what was learned reads facts without it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
