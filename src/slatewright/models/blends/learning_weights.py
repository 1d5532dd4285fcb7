"""Weights that put what was taken above what was not: a conditional logit over lists, weights at least 0.

McFadden (1974), Conditional logit analysis of qualitative choice behavior. With w the weights and x the marks of an
item, an item of a list is taken with probability exp(w.x) / sum over the list of exp(w.x). The loss is convex.
"""

import numpy as np
from scipy.optimize import minimize

from slatewright.core.arrays import Array
from slatewright.models.blends.holding_out import Lists


def learned_weights(lists: Lists, reg: float, toward: Array) -> Array:
    """The weights of least loss, float64 (parts,), none below 0.

    The loss is the sum over lists of the mean of -log p over the items taken, plus ``reg`` times the squared distance
    to ``toward`` (parts,).
    """
    if len(lists.offsets) == 1:
        return toward
    marks = lists.marks.astype(np.float64)

    def loss(weights: Array) -> tuple[float, Array]:
        value, slope = _loss(lists, marks, weights)
        away = weights - toward
        return value + reg * float(away @ away), slope + 2 * reg * away

    found = minimize(loss, np.maximum(toward, 0), jac=True, method="L-BFGS-B", bounds=[(0, None)] * marks.shape[1])
    weights: Array = found.x
    return weights


def _loss(lists: Lists, marks: Array, weights: Array) -> tuple[float, Array]:
    starts, lengths = lists.offsets[:-1], np.diff(lists.offsets)
    utility = marks @ weights
    highest = np.maximum.reduceat(utility, starts)
    raised = np.exp(utility - np.repeat(highest, lengths))
    sums = np.add.reduceat(raised, starts)
    share = lists.taken / np.repeat(np.add.reduceat(lists.taken.astype(np.float64), starts), lengths)
    value = float((np.log(sums) + highest).sum() - share @ utility)
    return value, marks.T @ (raised / np.repeat(sums, lengths) - share)


def shares(weights: Array) -> Array:
    """The same weights with sum 1; all alike where they are all 0."""
    total = float(weights.sum())
    return weights / total if total > 0 else np.full(len(weights), 1 / len(weights))
