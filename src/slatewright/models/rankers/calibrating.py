"""From raw marks to chances: how often is something of this mark taken?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import scipy  # whose optimize is half a second, for training only: it is loaded when it is named
from scipy.special import expit, xlog1py, xlogy

from slatewright.core.arrays import Array, Mask, Weights

SMOOTH = 0.001  # the share of a chance that tells marks on one step apart


@dataclass(frozen=True)
class Calibration:
    """The chance of a mark is 1 / (1 + exp(-(slope * mark + offset))); it grows with the mark, so no order changes.

    Platt: Probabilistic Outputs for Support Vector Machines (in Advances in Large Margin Classifiers, 1999), with his
    shrunken targets.
    """

    slope: float
    offset: float

    @classmethod
    def of(cls, marks: Array, taken: Mask, weights: Weights) -> "Calibration":
        """Fit to marks float64 (rows,) that were not learned from, and what was taken of them."""
        weights = np.asarray(weights, dtype=np.float64)
        right, wrong = float(weights[taken].sum()), float(weights[~taken].sum())
        target = np.where(taken, (right + 1) / (right + 2), 1 / (wrong + 2))
        centre, spread = (float(marks.mean()), float(marks.std())) if len(marks) else (0.0, 0.0)
        scale = spread if spread > 1e-12 else 1.0
        level = float(np.log((right + 1) / (wrong + 1)))
        if len(marks) == 0 or right == 0 or wrong == 0:
            return cls(1 / scale, level - centre / scale)

        def loss(knobs: Array) -> tuple[float, Array]:
            log_slope, offset = knobs
            steep = np.exp(log_slope)
            unit = (marks - centre) / scale
            chance = np.clip(expit(steep * unit + offset), 1e-15, 1 - 1e-15)
            missed = weights * (chance - target)
            total = -(weights * (xlogy(target, chance) + xlog1py(1 - target, -chance))).sum()
            return float(total), np.array([(missed * unit).sum() * steep, missed.sum()])

        bounds = [(-7, 4), (-40, 40)]
        found = scipy.optimize.minimize(loss, np.array([0.0, level]), jac=True, method="L-BFGS-B", bounds=bounds)
        slope = float(np.exp(found.x[0])) / scale
        return cls(slope, float(found.x[1]) - slope * centre)

    def chances(self, marks: Array) -> Array:
        """The chance of each mark, float64 (rows,)."""
        return np.asarray(expit(self.slope * marks + self.offset), dtype=np.float64)

    def steepness(self, marks: Array) -> Array:
        """How fast the chance grows at each mark, float64 (rows,)."""
        chances = self.chances(marks)
        return np.asarray(self.slope * chances * (1 - chances), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Steps:
    """The chance of a mark follows steps that rise with the marks, whatever their shape: isotonic regression.

    Between two ``marks`` float64 (steps,) it is interpolated between their ``heights`` float64 (steps,). A small share
    is left to ``smooth``, so that of two marks on one step the higher one has the higher chance all the same.

    Zadrozny and Elkan: Transforming Classifier Scores into Accurate Multiclass Probability Estimates (KDD 2002).
    """

    smooth: Calibration
    marks: Array
    heights: Array

    @classmethod
    def of(cls, marks: Array, taken: Mask, weights: Weights) -> "Calibration | Steps":
        """Fit to marks float64 (rows,) that were not learned from; smooth where all of them were taken, or none."""
        smooth = Calibration.of(marks, taken, weights)
        known, place = np.unique(marks, return_inverse=True)
        heavy = np.bincount(place, weights=weights, minlength=len(known))
        right = np.bincount(place, weights=weights * taken, minlength=len(known))
        known, heavy, right = known[heavy > 0], heavy[heavy > 0], right[heavy > 0]
        if right.sum() == 0 or right.sum() == heavy.sum():
            return smooth
        found = scipy.optimize.isotonic_regression(right / heavy, weights=heavy)
        ends = np.unique(np.concatenate([found.blocks[:-1], found.blocks[1:] - 1]))
        return cls(smooth, known[ends], np.clip(found.x[ends], 0.0, 1.0))

    def chances(self, marks: Array) -> Array:
        """The chance of each mark, float64 (rows,)."""
        steps = np.interp(marks, self.marks, self.heights)
        return np.asarray((1 - SMOOTH) * steps + SMOOTH * self.smooth.chances(marks), dtype=np.float64)

    def steepness(self, marks: Array) -> Array:
        """How fast the chance grows around each mark, float64 (rows,)."""
        near = 1e-6 * max(1.0, float(np.ptp(self.marks)))
        return np.asarray((self.chances(marks + near) - self.chances(marks - near)) / (2 * near), dtype=np.float64)


AnyCalibration: TypeAlias = Calibration | Steps
WAYS: Mapping[str, Callable[[Array, Mask, Weights], AnyCalibration]] = {
    "platt": Calibration.of,
    "isotonic": Steps.of,
}
