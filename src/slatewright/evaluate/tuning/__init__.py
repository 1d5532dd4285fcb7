"""Tuning: knobs chosen on validation data, one look at the test part at the end."""

from slatewright.evaluate.tuning.looking import Look
from slatewright.evaluate.tuning.search import Search
from slatewright.evaluate.tuning.trials import Step, Trial
from slatewright.evaluate.tuning.tuned import Tuned
from slatewright.evaluate.tuning.tuning import tune

__all__ = ["Look", "Search", "Step", "Trial", "Tuned", "tune"]
