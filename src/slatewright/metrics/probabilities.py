"""Metrics of predicted chances: was 70 % really seven times out of ten?"""

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.errors import BadInput

LEAST = 1e-15  # a chance of exactly 0 or 1 that is wrong would cost infinitely much


def log_loss(predicted: Array, happened: Array) -> float:
    """Mean of -ln(the chance that was given to what happened), nats; 0 is certain and right, ln 2 is a coin.

    ``predicted`` (pairs,) in [0, 1], ``happened`` (pairs,) bool or 0 and 1. Chances are kept 1e-15 away from 0 and 1.
    Good (1952).

    Raises:
        BadInput: nothing to judge, different lengths, a chance outside [0, 1], or an outcome other than 0 and 1.
    """
    if len(predicted) != len(happened) or len(happened) == 0:
        raise BadInput(f"chances and outcomes must be equally many, and some; got {len(predicted)} and {len(happened)}")
    chance = np.asarray(predicted, dtype=np.float64)
    if wrong := int((~((chance >= 0) & (chance <= 1))).sum()):
        raise BadInput(
            f"log loss needs chances between 0 and 1, got {wrong} of {len(chance)} outside; scores are no chances"
        )
    if not np.isin(happened, (0, 1)).all():
        raise BadInput("an outcome must be 0 or 1")
    given = np.clip(np.where(np.asarray(happened, dtype=np.bool_), chance, 1 - chance), LEAST, 1 - LEAST)
    return float(-np.log(given).mean())
