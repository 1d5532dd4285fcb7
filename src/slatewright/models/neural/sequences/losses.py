"""Losses of a place against its target and items drawn for its batch or its row, in operations of Keras."""

import math
from typing import Any

from slatewright.models.neural.engine.choosing import keras_engine

ops = keras_engine("SASRec").ops
FORBIDDEN = -1e9


def scores_of(hidden: Any, targets: Any, negatives: Any, target_ids: Any, negative_ids: Any) -> tuple[Any, Any]:
    """Scores of the targets (rows, length) and of the negatives (rows, length, n); where a negative is the target
    itself its score is far below 0.

    ``negatives`` (n, d) are those of all rows, (rows, n, d) those of each; their ids likewise.
    """
    positive = ops.sum(hidden * targets, axis=-1)
    negative = ops.matmul(hidden, ops.swapaxes(negatives, -1, -2))
    return positive, ops.where(target_ids[..., None] == negative_ids[..., None, :], FORBIDDEN, negative)


def sampled_softmax(positive: Any, negative: Any, correction: Any) -> Any:
    """Cross-entropy of the target, each negative standing for exp(``correction``) items like it.

    ``correction`` (n,) is -log(n x the chance of being drawn instead of the target), so that the sum over negatives has
    the mean of the sum over all other items (Bengio and Senécal: Adaptive Importance Sampling, IEEE TNN 2008).
    """
    negative = negative + correction
    most = ops.stop_gradient(ops.maximum(positive, ops.max(negative, axis=-1)))
    total = ops.exp(positive - most) + ops.sum(ops.exp(negative - most[..., None]), axis=-1)
    return ops.log(total) + most - positive


def gbce(positive: Any, negative: Any, share: float, calibration: float) -> Any:
    """Generalised binary cross-entropy, a sum over the target and its negatives.

    The paper has their mean, whose gradients are short enough for Adam's least divisor to shorten steps by a tenth to a
    third.

    ``share`` is the share of all other items that is drawn, ``calibration`` t in [0, 1]: 0 is plain cross-entropy, 1
    takes the over-confidence out that sampling brings in (Petrov and Macdonald: gSASRec, RecSys 2023).
    """
    power = _power(share, calibration)
    return power * ops.softplus(-positive) + ops.sum(ops.softplus(negative), axis=-1)


def gbce_start(n_negatives: int, share: float, calibration: float) -> float:
    """The score of all items at which ``gbce`` pushes as hard up as down; training begins there.

    Beginning at 0, the first steps do nothing but push all items down, and Adam's second moments remember these
    gradients, thousands of times as long as the later ones, for as many steps.
    """
    return math.log(_power(share, calibration) / n_negatives)


def _power(share: float, calibration: float) -> float:
    return share * (calibration * (1 - 1 / share) + 1 / share)
