"""How the residuals of ratings run along what was predicted, how much is known of user and item, and time."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy import stats

from slatewright.core.arrays import Array, Offsets
from slatewright.data.dataset import Dataset
from slatewright.data.splits import Cases
from slatewright.evaluate.diagnosis.residuals import Residuals
from slatewright.evaluate.diagnosis.slicing import clustered_variance
from slatewright.metrics.bootstrap import Interval
from slatewright.metrics.ranking import PerUser

BANDS = 10
FEWEST_USERS = 5  # of a band
LEVEL = 0.95
PREDICTED, OF_USER, OF_ITEM, TIME = "predicted rating", "events of the user", "events of the item", "time"
COUNTS = frozenset({OF_USER, OF_ITEM})


@dataclass(frozen=True, slots=True)
class Band:
    """Ratings that lie side by side: their mean place ``at``, how many, their mean ``residual`` and their ``rmse``."""

    at: float
    ratings: int
    residual: Interval
    rmse: float


@dataclass(frozen=True)
class Trend:
    """Mean residuals along one thing, in bands of about equally many ratings, in order; time in µs UTC."""

    along: str
    bands: tuple[Band, ...]


def trends_of(found: Residuals, cases: Cases, train: Dataset) -> tuple[Trend, ...]:
    """Along the predicted rating, the training events of the user and of the item, and time; what does not vary is
    left out. A band of fewer than five users is too: hardly anything says how sure its mean is."""
    taken = np.bincount(train.interactions.item, minlength=train.n_items)
    places: Mapping[str, Array] = MappingProxyType(
        {
            PREDICTED: found.predicted,
            OF_USER: cases.histories.lengths()[found.case],
            OF_ITEM: taken[found.item],
            TIME: found.times,
        }
    )
    trends = (Trend(name, _bands(along.astype(np.float64), found)) for name, along in places.items())
    return tuple(trend for trend in trends if len(trend.bands) > 1)


def _bands(along: PerUser, found: Residuals) -> tuple[Band, ...]:
    edges = np.unique(np.quantile(along, np.linspace(0, 1, BANDS + 1)))
    band = np.clip(np.searchsorted(edges, along, side="right") - 1, 0, max(0, len(edges) - 2))
    residual = found.residual
    ratings = np.bincount(band)
    mean = np.bincount(band, residual) / np.maximum(ratings, 1)
    owners, error = _spread(band, residual, mean, found.case)
    told = np.flatnonzero(owners >= FEWEST_USERS)
    reach = stats.t.ppf((1 + LEVEL) / 2, owners[told] - 1) * error[told]
    places = np.bincount(band, along) / np.maximum(ratings, 1)
    rmse = np.sqrt(np.bincount(band, np.square(residual)) / np.maximum(ratings, 1))
    return tuple(
        Band(float(places[at]), int(ratings[at]), _about(float(mean[at]), float(half)), float(rmse[at]))
        for at, half in zip(told, reach, strict=True)
    )


def _spread(band: Offsets, residual: PerUser, mean: PerUser, case: Offsets) -> tuple[Offsets, PerUser]:
    """Per band: the users in it, and the standard error of the mean; residuals of one user hang together."""
    n = int(case.max(initial=0)) + 1
    pairs, of = np.unique(band * n + case, return_inverse=True)
    group, rows = pairs // n, np.bincount(of)
    off = np.square(np.bincount(of, residual) - rows * mean[group])
    owners = np.bincount(group, minlength=len(mean))
    squares = np.bincount(group, off, minlength=len(mean))
    return owners, np.sqrt(clustered_variance(squares, owners, np.bincount(band)))


def _about(value: float, half: float) -> Interval:
    return Interval(value, value - half, value + half)
