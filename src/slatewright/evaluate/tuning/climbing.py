"""One trial at work: fit with a growing budget, judge after each."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from slatewright.core.memory import free_bytes
from slatewright.data.splits import Fold
from slatewright.evaluate.tuning.budgets import Ladder
from slatewright.evaluate.tuning.objectives import Objective, values_of
from slatewright.evaluate.tuning.trials import Step
from slatewright.models import Estimator
from slatewright.models.costs import Size
from slatewright.models.neural.engine.choosing import engine_runs
from slatewright.pipeline.planning import check_room


@dataclass(frozen=True)
class Job:
    """What every trial of a search shares: what is fitted, and the fold: trained on, judged by.

    ``size`` is that of the training part, ``sharers`` trials share the memory.
    """

    estimator: Estimator
    fold: Fold
    size: Size
    objectives: tuple[Objective, ...]
    ladder: Ladder
    k: int
    seed: int
    sharers: int = 1


@dataclass(frozen=True, slots=True)
class Task:
    """One trial for a worker: the knobs, and the rungs that are left; ``usual``: the estimator as it is."""

    number: int
    knobs: Mapping[str, Any]
    rungs: tuple[int, ...]
    usual: bool = False


def climb(job: Job, task: Task) -> Iterator[Step]:
    """Fit the estimator with the knobs of a trial, one rung after the other, and judge it after each.

    Raises:
        NoRoom: a fit needs more memory than there is for one of the sharers.
    """
    estimator = replace(job.estimator, **task.knobs)  # type: ignore[type-var]
    for rung in task.rungs:
        start = time.perf_counter()
        learner, train = estimator, job.fold.train
        if not task.usual:
            learner, train = job.ladder.fitted(estimator, train, rung, job.seed)
        check_room({"tuned": learner}, job.size, free=free_bytes() // job.sharers, running=engine_runs())
        values = values_of(job.objectives, learner.fit(train), job.fold, job.k)
        yield Step(rung, values, time.perf_counter() - start)
