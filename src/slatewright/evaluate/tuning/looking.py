"""The look at the test part: the one honest number of a search, and a note that it was taken."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from slatewright.core.arrays import Offsets
from slatewright.core.errors import BadInput
from slatewright.data.splits import Cases, Fold
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.judged import judge
from slatewright.evaluate.tuning.objectives import RATINGS, Objective, question_of, raters_of
from slatewright.evaluate.tuning.search import Search
from slatewright.metrics.bootstrap import Bootstrap, Interval
from slatewright.metrics.ranking import METRICS
from slatewright.models import Estimator, Model
from slatewright.models.model import RatingModel

USUAL, TUNED = "as it was", "tuned"


@dataclass(frozen=True, slots=True)
class Look:
    """What the test part said.

    ``metrics``: by who was judged (popularity, the estimator as it was, tuned), then by metric; ``gain``: tuned less
    as it was, user by user. ``nth``: how often searches of this record have looked at this test part, 1 for once;
    with every further look and choice the number flatters more.
    """

    nth: int
    trial: int
    line: str
    users: int
    question: str
    metrics: Mapping[str, Mapping[str, Interval]]
    gain: Mapping[str, Interval]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Look":
        """A look that was written down."""
        metrics = {who: _intervals(found) for who, found in kept["metrics"].items()}
        return cls(**{**kept, "metrics": metrics, "gain": _intervals(kept["gain"])})


def _intervals(kept: Mapping[str, Any]) -> dict[str, Interval]:
    return {name: Interval(**one) for name, one in kept.items()}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found, before it is written down."""

    users: int
    metrics: Mapping[str, Mapping[str, Interval]]
    gain: Mapping[str, Interval]


def look(usual: Estimator, tuned: Estimator, fold: Fold, search: Search, objectives: tuple[Objective, ...]) -> Seen:
    """Fit both on the whole training part and judge them by the test part.

    Raises:
        BadInput: nobody of the test part is in the question, or rated anything.
    """
    before = usual.fit(fold.train)
    models = {USUAL: before, TUNED: before if tuned is usual else tuned.fit(fold.train)}
    if objectives[0].name in RATINGS:
        return _by_ratings(models, raters_of(fold.test))
    return _by_lists(models, fold, search)


def _by_lists(models: Mapping[str, Model], fold: Fold, search: Search) -> Seen:
    judged = judge(models, fold, k=search.k)
    asked = judged.asked(question_of(search.question))
    if asked is None:
        raise BadInput(f"the test part has nobody in {search.question!r}")
    values = {name: judged.values(name, asked) for name in (BASELINE, USUAL, TUNED)}
    means = Bootstrap().means(np.hstack([*values.values(), values[TUNED] - values[USUAL]]))
    width = len(METRICS)
    parts = [dict(zip(METRICS, means[at : at + width], strict=True)) for at in range(0, len(means), width)]
    return Seen(len(asked), dict(zip(values, parts, strict=False)), parts[-1])


def _by_ratings(models: Mapping[str, Model], cases: Cases) -> Seen:
    """Errors of ratings; users are drawn again, each with all of its ratings."""
    errors = {name: _errors(model, cases) for name, model in models.items()}
    counts = cases.n_relevant()
    found = {name: {metric: _spread(one, counts, metric) for metric in RATINGS} for name, one in errors.items()}
    gain = {metric: _spread(errors[TUNED], counts, metric, less=errors[USUAL]) for metric in RATINGS}
    return Seen(len(cases), found, gain)


def _errors(model: Model, cases: Cases) -> Mapping[str, Offsets]:
    """Sums of squared and of absolute errors of each user, float64 (users,)."""
    if not isinstance(model, RatingModel):
        raise BadInput(f"a model must have predict to be judged by ratings, got {type(model).__name__}")
    rows = np.repeat(np.arange(len(cases), dtype=np.int32), cases.n_relevant())
    off = model.predict(cases.histories, rows, cases.relevant).astype(np.float64) - cases.values
    return {name: np.bincount(rows, one, minlength=len(cases)) for name, one in (("mse", off**2), ("mae", abs(off)))}


def _spread(
    errors: Mapping[str, Offsets], counts: Offsets, metric: str, less: Mapping[str, Offsets] | None = None
) -> Interval:
    def value(sums: Mapping[str, Offsets], times: Offsets) -> float:
        mean = float(times @ sums["mae" if metric == "mae" else "mse"]) / max(1.0, float(times @ counts))
        return float(np.sqrt(mean)) if metric == "rmse" else mean

    def of(times: Offsets) -> float:
        return value(errors, times) - (value(less, times) if less else 0.0)

    return Bootstrap().statistic(len(counts), of)
