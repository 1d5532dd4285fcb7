"""From raw marks to chances: how often is something of this mark taken?"""

from dataclasses import dataclass

import numpy as np
import scipy  # whose optimize is half a second, for training only: it is loaded when it is named
from scipy.special import expit, xlog1py, xlogy

from slatewright.core.arrays import Array, Mask, Weights


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
