"""Residuals of predicted ratings: for whom, for what, when, and at which height a model is off."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Offsets, Scores, Times, Weights
from slatewright.core.errors import BadInput
from slatewright.data.splits import Cases
from slatewright.evaluate.diagnosis.slicing import Slice, Slicing, slices, without_parts
from slatewright.evaluate.rated import foretell, last_events
from slatewright.metrics.bootstrap import Interval
from slatewright.metrics.ranking import PerUser
from slatewright.models.model import Model, RatingModel

BANDS = 5  # of the predicted value


@dataclass(frozen=True)
class Residuals:
    """One row per judged rating, all (pairs,): whose ``case``, which ``item``, what was ``said``, ``predicted``, when.

    ``times`` int64 µs UTC. A residual is said minus predicted: above 0 the model promised too little.
    """

    case: Offsets
    item: Index
    said: Weights
    predicted: Scores
    times: Times

    @property
    def residual(self) -> PerUser:
        """Said minus predicted, float64 (pairs,)."""
        return self.said.astype(np.float64) - self.predicted

    def __len__(self) -> int:
        return len(self.case)


@dataclass(frozen=True, slots=True)
class Bias:
    """A group whose ratings are foretold too high (``residual`` below 0) or too low, beyond what chance does.

    ``real``: sure after the correction for all groups; ``rmse`` of the group, ``others_rmse`` of all the others.
    """

    group: Slice
    residual: Interval
    rmse: float
    others_rmse: float

    @property
    def real(self) -> bool:
        return self.group.real

    @property
    def under_served(self) -> bool:
        """The model is further off here than elsewhere, and that is sure of its bias."""
        return self.real and self.rmse > self.others_rmse


def furthest_off(found: Iterable[Bias], *, under_served: bool = False) -> list[Bias]:
    """Groups in their order, or only those ``under_served``, without mere parts of one another."""
    chosen = [one for one in found if one.under_served or not under_served]
    return without_parts(chosen, lambda one: one.group.labels, lambda one: abs(one.residual.value))


def residuals_of(model: Model, cases: Cases) -> Residuals:
    """What a model gets wrong, rating by rating.

    Raises:
        BadInput: the model predicts no ratings, or there is none to judge it by.
    """
    if not isinstance(model, RatingModel):
        raise BadInput(f"residuals need a model that predicts ratings, {type(model).__name__} ranks only")
    if not len(cases.relevant):
        raise BadInput("there are no residuals: no test user rated an item that training knows")
    rows, predicted = foretell(model, cases)
    return Residuals(
        rows.astype(np.int64), cases.relevant, cases.values, predicted, cases.events.time[last_events(cases, rows)]
    )


def biases(found: Residuals, labels: Frame, how: Slicing | None = None) -> tuple[Bias, ...]:
    """Groups of ratings whose residuals are not centred, the one that is furthest off in sum first.

    ``labels`` String columns (pairs,); what was predicted, in five bands, is added to them.
    """
    residual = found.residual
    bands = pl.Series("predicted", banded(found.predicted))
    groups = slices(residual, labels.with_columns(bands), found.case, how)
    square = np.square(residual)
    of_group = {one.labels: one for one in slices(-square, labels.with_columns(bands), found.case, how)}
    return tuple(
        sorted(
            (_bias(one, of_group[one.labels]) for one in groups),
            key=_off,
            reverse=True,
        )
    )


def _off(one: Bias) -> float:
    """In sum over the group's ratings."""
    return abs(one.residual.value) * one.group.rows


def _bias(group: Slice, squares: Slice) -> Bias:
    """The mean residual with the interval of its distance to the others': the overall level is the model's own."""
    half = (group.apart.high - group.apart.low) / 2
    residual = Interval(group.mean, group.mean - half, group.mean + half)
    return Bias(group, residual, float(np.sqrt(-squares.mean)), float(np.sqrt(max(0.0, -squares.others))))


def banded(predicted: Scores) -> list[str]:
    """Five bands of equal size, named by their bounds; fewer where many predictions are alike."""
    edges = np.unique(np.quantile(predicted, np.linspace(0, 1, BANDS + 1)))
    if len(edges) < 2:
        return [f"{float(edges[0]):.2f}"] * len(predicted)
    names = [f"{low:.2f} to {high:.2f}" for low, high in pairwise(edges.tolist())]
    at = np.clip(np.searchsorted(edges, predicted, side="right") - 1, 0, len(names) - 1)
    return [names[one] for one in at.tolist()]
