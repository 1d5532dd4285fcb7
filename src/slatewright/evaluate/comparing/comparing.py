"""Compare recommenders on the same cases: paired bootstrap, a paired test, a correction for many comparisons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import generator
from slatewright.data.splits import Fold
from slatewright.evaluate.comparing.comparison import Comparison, Difference
from slatewright.evaluate.evaluation import Measured
from slatewright.evaluate.judged import Asked, Judged, judge
from slatewright.evaluate.judging import summarise
from slatewright.evaluate.lists import Recommender
from slatewright.evaluate.questions import QUESTIONS, Question
from slatewright.metrics.bootstrap import Bootstrap, Interval
from slatewright.metrics.paired import CORRECTIONS, TESTS
from slatewright.metrics.ranking import METRICS, PerUser
from slatewright.pipeline.learning import Progress, silent


@dataclass(frozen=True)
class Comparing:
    """How to tell a real difference from chance."""

    metrics: Annotated[tuple[str, ...], Knob("metrics that are compared; the first one orders the table")] = (
        "ndcg",
        "recall",
    )
    test: Annotated[str, Knob("the paired test over users", choices=tuple(TESTS))] = "randomisation"
    correction: Annotated[str, Knob("what many comparisons are corrected by", choices=tuple(CORRECTIONS))] = "holm"
    level: Annotated[float, Knob("how sure a difference must be to be called real", above=0.5, below=1.0)] = 0.95
    resamples: Annotated[int, Knob("how often the users are drawn again for the intervals", least=20)] = 1000
    rng: Annotated[int, Knob("seed of the draws", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)
        for metric in self.metrics:
            if metric not in METRICS:
                raise BadInput(f"Comparing.metrics must be of {', '.join(METRICS)}, got {metric!r}")
        if not self.metrics or len(set(self.metrics)) < len(self.metrics):
            raise BadInput(f"Comparing.metrics must be some metrics, each once, got {self.metrics!r}")


def compare(
    recommenders: Mapping[str, Recommender],
    fold: Fold,
    *,
    k: int = 20,
    questions: Sequence[Question] = QUESTIONS,
    how: Comparing | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Judge recommenders and popularity on the same cases and say which differences are real.

    The first of ``questions`` that anybody is in is compared. A recommender may be a function that fits when it is
    asked, so that only one is in memory at a time.

    Raises:
        BadInput: as ``evaluate``; or nobody is in any of the questions.
    """
    return compare_judged(judge(recommenders, fold, k=k, progress=progress), questions=questions, how=how)


def compare_judged(
    judged: Judged, *, questions: Sequence[Question] = QUESTIONS, how: Comparing | None = None
) -> Comparison:
    """Compare what was judged before.

    Raises:
        BadInput: nobody is in any of the questions.
    """
    how = how or Comparing()
    asked = next((found for found in map(judged.asked, questions) if found is not None), None)
    if asked is None:
        raise BadInput(f"there is nobody to compare by in {', '.join(question.name for question in questions)}")
    bootstrap = Bootstrap(resamples=how.resamples, level=how.level, rng=how.rng)
    (group,) = summarise(judged, questions=(asked.question,), bootstrap=bootstrap).groups
    contenders = _ordered(group.measured, how.metrics[0])
    return Comparison(
        k=judged.k,
        as_of=judged.fold.train.as_of,
        data=judged.fold.train.version,
        question=group.name,
        meaning=group.meaning,
        users=group.users,
        metrics=how.metrics,
        level=how.level,
        test=how.test,
        correction=how.correction,
        contenders=contenders,
        differences=_differences(judged, asked, [one.name for one in contenders], how, bootstrap),
        protocol=judged.fold.protocol,
        audit=judged.audit,
    )


def _ordered(measured: Sequence[Measured], metric: str) -> tuple[Measured, ...]:
    """Best first; equal ones in the order in which they were judged."""
    return tuple(sorted(measured, key=lambda one: -one.metrics[metric].value))


def _differences(
    judged: Judged, asked: Asked, names: Sequence[str], how: Comparing, bootstrap: Bootstrap
) -> tuple[Difference, ...]:
    """Every pair in every metric; all of them are one family for the correction."""
    values = {name: judged.values(name, asked) for name in names}
    pairs = list(combinations(names, 2))
    columns = [list(METRICS).index(metric) for metric in how.metrics]
    apart: PerUser = np.hstack([values[one][:, columns] - values[other][:, columns] for one, other in pairs])
    leads = bootstrap.means(apart)
    p = TESTS[how.test](apart, generator(how.rng))
    adjusted = CORRECTIONS[how.correction](p)
    told = [(metric, *pair) for pair in pairs for metric in how.metrics]
    return tuple(
        _difference(names_of, lead, float(raw), float(sure), how.level)
        for names_of, lead, raw, sure in zip(told, leads, p, adjusted, strict=True)
    )


def _difference(told: tuple[str, str, str], lead: Interval, p: float, adjusted: float, level: float) -> Difference:
    metric, first, second = told
    found = Difference(metric, first, second, lead, p, adjusted, adjusted < 1 - level)
    return found if lead.value >= 0 else found.seen_from(second)
