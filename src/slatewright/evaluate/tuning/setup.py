"""What a search is made of, put together and checked before anything is fitted."""

import hashlib
import json
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

from slatewright.core.errors import BadInput
from slatewright.data.content import content_sum
from slatewright.data.splits import Fold
from slatewright.evaluate.audit import Audit
from slatewright.evaluate.tuning.budgets import Ladder, ladder_of
from slatewright.evaluate.tuning.climbing import Job
from slatewright.evaluate.tuning.deriving import Given, space_of
from slatewright.evaluate.tuning.objectives import Objective, asked_of, objectives_of
from slatewright.evaluate.tuning.proposing import Proposer
from slatewright.evaluate.tuning.ranges import Space
from slatewright.evaluate.tuning.recording import Record
from slatewright.evaluate.tuning.running import Running, Watch
from slatewright.evaluate.tuning.search import Search
from slatewright.evaluate.tuning.trials import Trial
from slatewright.evaluate.tuning.workers import Source, crew_of
from slatewright.events.writer_lock import writer_lock
from slatewright.models import Estimator
from slatewright.models.costs import Size
from slatewright.pipeline.recipe_knobs import plain

SECONDS = 60.0
NOT_DECISIVE = ("trials", "minutes", "workers")  # how much is searched, not what


@dataclass(frozen=True)
class Setup:
    """One search: the estimator as it is, its space, what is judged by whom, and how much a trial gets."""

    estimator: Estimator
    fold: Fold
    objectives: tuple[Objective, ...]
    space: Space
    ladder: Ladder
    search: Search

    @property
    def validation(self) -> Fold:
        """What trials learn from and are judged by.

        Raises:
            BadInput: the fold has no validation part.
        """
        if self.fold.validation is None:
            raise BadInput("there is no validation part to tune on: make the split with a validation_share above 0")
        return self.fold.validation

    @property
    def proposer(self) -> Proposer:
        """What proposes the trials."""
        return Proposer(self.estimator, self.space, self.search, self.objectives, len(self.ladder.rungs))

    def most_trials(self) -> int:
        """Trials that make sense: the estimator as it is, and each set of knobs once."""
        possible = self.space.grid_size() if self.search.sampler == "grid" else self.space.size()
        return int(min(self.search.trials, possible + 1))

    def name(self) -> str:
        """Equal searches have equal names: estimator, data, space, objectives and how they are searched."""
        search = {name: value for name, value in asdict(self.search).items() if name not in NOT_DECISIVE}
        ranges = {name: repr(one) for name, one in self.space.ranges.items()}
        told = [plain(self.estimator), ranges, [asdict(one) for one in self.objectives], asdict(self.ladder), search]
        about = json.dumps([*told, self.search.late, content_sum(self.validation)], sort_keys=True)
        return f"{type(self.estimator).__name__}-{hashlib.sha256(about.encode()).hexdigest()[:16]}"

    def usual(self) -> Trial:
        """The first trial: the estimator as it is; a sampler learns from it where it lies in the space."""
        has = {name: getattr(self.estimator, name) for name in self.space.ranges}
        inside = all(one.holds(has[name]) for name, one in self.space.ranges.items())
        return Trial(0, {}, self.space.params(has) if inside else {}, usual=True)

    def run(
        self, record: Record, watch: Watch, source: Source | None, unfinished: frozenset[int] = frozenset()
    ) -> None:
        """Search until the budget is used up, or go on where an earlier run was stopped; leave some ``unfinished``.

        Raises:
            Leak: the audit of the validation part failed.
        """
        validation = self.validation
        Audit(validation.allowed, validation.transforms).check(validation, {}, self.search.k)
        cases = asked_of(validation, self.search, self.objectives)
        job = Job(
            self.estimator,
            Fold(validation.train, cases),
            Size.of(validation.train),
            self.objectives,
            self.ladder,
            self.search.k,
            self.search.rng,
        )
        minutes = self.search.minutes
        deadline = None if minutes is None else time.monotonic() + SECONDS * minutes
        with crew_of(job, self.search.workers, source) as crew:
            search = Running(record, self.proposer, self.ladder, self.usual(), watch, unfinished=unfinished)
            search.run(crew, self.most_trials(), deadline)


def setup_of(
    estimator: Estimator | type[Estimator], fold: Fold, objective: Sequence[str], space: Given | None, search: Search
) -> Setup:
    """Put a search together.

    Raises:
        BadKnob: a knob that there is not, a value out of range, nothing to choose.
        BadInput: no such objective, no validation part.
    """
    start = estimator() if isinstance(estimator, type) else estimator
    ladder, left = ladder_of(start, space_of(start, space), search)
    setup = Setup(start, fold, objectives_of(objective), left, ladder, search)
    asked_of(setup.validation, search, setup.objectives)
    return setup


def writing(path: Path | None) -> AbstractContextManager[None]:
    """Nobody else writes this record.

    Raises:
        Busy: another process searches with it.
    """
    return nullcontext() if path is None else writer_lock(path.with_name(f"{path.name}.lock"), wait=False)
