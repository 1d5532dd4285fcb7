"""What a diagnosis found."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from slatewright.core.clock import iso
from slatewright.data.splits import Protocol
from slatewright.evaluate.diagnosis.curves import DATA, Curve
from slatewright.evaluate.diagnosis.imbalance import Imbalance
from slatewright.evaluate.diagnosis.residuals import Bias
from slatewright.evaluate.diagnosis.slicing import Slice
from slatewright.evaluate.diagnosis.trends import Trend
from slatewright.evaluate.diagnosis.verdict import Fit, Verdict
from slatewright.metrics.bootstrap import Interval

MOST_GROUPS = 50  # that a file keeps of each kind: hundreds are tested


@dataclass(frozen=True, slots=True)
class Reading:
    """A learning curve and what it says."""

    curve: Curve
    verdict: Verdict

    @property
    def gain(self) -> Interval:
        """By how much the best point of the curve is better than where the model stands, on unseen events."""
        return self.curve.behind[self.curve.standing]


@dataclass(frozen=True)
class RatingsDiagnosis:
    """Ratings that a model foretold: how many, its ``rmse``, the mean ``residual`` (above 0: it promised too little),
    groups it is off for, and how residuals run along what."""

    ratings: int
    rmse: float
    residual: float
    biases: tuple[Bias, ...]
    trends: tuple[Trend, ...]


@dataclass(frozen=True)
class Diagnosis:
    """One model: how it stands to its data, whom it fails, what it fails to find, and what the data lets it hear.

    ``name`` is that in the recipe; ``users`` were asked for lists of ``k``, ``ndcg`` is their mean. Groups stand in
    order of what is lost; ``ratings`` is None where the model predicts none, or there are none.
    """

    name: str
    estimator: str
    as_of: int
    protocol: Protocol
    data: str
    k: int
    question: str
    users: int
    ndcg: float
    readings: tuple[Reading, ...]
    user_groups: tuple[Slice, ...]
    item_groups: tuple[Slice, ...]
    ratings: RatingsDiagnosis | None
    imbalance: Imbalance

    @property
    def chief(self) -> Reading | None:
        """The curve of the knob from which most is to be gained; None where no knob is sure to gain anything."""
        astray = [one for one in self.readings if one.verdict.knobs]
        return max(astray, key=lambda one: one.gain.value, default=None)

    @property
    def verdict(self) -> str:
        """``under-fitting: turn embedding_dim up``."""
        if self.chief is not None:
            return self.chief.verdict.short
        of_knobs = [Fit.GOOD.value] if any(one.curve.over != DATA for one in self.readings) else []
        return "; ".join([*of_knobs, *(one.verdict.short for one in self.readings if one.curve.over == DATA)])

    def as_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON; of each kind of group the first fifty."""
        return {
            "verdict": self.verdict,
            "model": self.name,
            "estimator": self.estimator,
            "as_of": iso(self.as_of),
            "protocol": self.protocol.name,
            "data": self.data,
            "k": self.k,
            "question": self.question,
            "users": self.users,
            "ndcg": self.ndcg,
            "curves": [_reading(one) for one in self.readings],
            "user_groups": _groups(self.user_groups),
            "item_groups": _groups(self.item_groups),
            "ratings": None if self.ratings is None else _ratings(self.ratings),
            "imbalance": self.imbalance.as_dict(),
        }

    def numbers(self) -> dict[str, Any]:
        """What a run is compared by: intervals and numbers, nested by what was measured."""
        curves = {
            one.curve.over: {
                f"{point.value:g}": {"training": asdict(point.learned), "validation": asdict(point.unseen)}
                for point in one.curve.points
            }
            for one in self.readings
        }
        groups = {"user groups": self.user_groups, "item groups": self.item_groups}
        named = {
            what: {one.name: {"mean": one.mean, "others": one.others, "lost": one.lost} for one in found[:MOST_GROUPS]}
            for what, found in groups.items()
        }
        ratings = {} if self.ratings is None else {"rmse": self.ratings.rmse}
        return {"ndcg": self.ndcg, "curves": curves, **named, **ratings}


def _reading(one: Reading) -> Mapping[str, Any]:
    said = {"fit": one.verdict.fit.value, "sentence": one.verdict.sentence, "knobs": dict(one.verdict.knobs)}
    return {**asdict(one.curve), **said, "gain": asdict(one.gain)}


def _groups(groups: Iterable[Slice]) -> list[Mapping[str, Any]]:
    return [_group(one) for one in list(groups)[:MOST_GROUPS]]


def _group(one: Slice) -> Mapping[str, Any]:
    return {"name": one.name, **asdict(one), "labels": dict(one.labels), "lost": one.lost}


def _ratings(found: RatingsDiagnosis) -> Mapping[str, Any]:
    biases = [
        {**asdict(one), "group": _group(one.group), "real": one.real, "under_served": one.under_served}
        for one in found.biases[:MOST_GROUPS]
    ]
    trends = [asdict(one) for one in found.trends]
    told = {"ratings": found.ratings, "rmse": found.rmse, "residual": found.residual}
    return {**told, "biases": biases, "trends": trends}
