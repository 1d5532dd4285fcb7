"""What a search found."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.data.content import content_sum
from slatewright.evaluate.tuning.importance import importance_of
from slatewright.evaluate.tuning.looking import TUNED, USUAL, Look, look
from slatewright.evaluate.tuning.objectives import RATINGS
from slatewright.evaluate.tuning.recording import Record
from slatewright.evaluate.tuning.setup import Setup, writing
from slatewright.evaluate.tuning.trials import Trial, best_step, better
from slatewright.models import Estimator

TEST, ASKED = "test part", "asked"


@dataclass(frozen=True)
class Tuned:
    """The trials of a search and what follows from them; ``path`` is its record, None where that was in memory."""

    setup: Setup
    trials: tuple[Trial, ...]
    record: Record
    path: Path | None

    @cached_property
    def complete(self) -> tuple[Trial, ...]:
        """The trials that got to their end."""
        return tuple(trial for trial in self.trials if trial.state == "complete")

    @cached_property
    def best(self) -> Trial:
        """The best trial by the first objective, the earliest of equals.

        Raises:
            BadInput: no trial got to its end.
        """
        if not self.complete:
            raise BadInput(_nothing(self.trials, self.path))
        first, best = self.setup.objectives[0], self.complete[0]
        for trial in self.complete[1:]:
            best = trial if better(first, trial.values[0], best.values[0]) else best
        return best

    @cached_property
    def pareto(self) -> tuple[Trial, ...]:
        """The trials that no other one beats by every objective, the best by the first one first."""
        if not self.complete:
            return ()
        signs = np.array([1.0 if one.higher else -1.0 for one in self.setup.objectives])
        values = signs * np.array([trial.values for trial in self.complete])  # (trials, objectives)
        order = sorted(range(len(values)), key=lambda at: (-values[at][0], at))
        front: list[int] = []
        for at in order:
            if not any((values[other] >= values[at]).all() for other in front):
                front.append(at)
        return tuple(self.complete[at] for at in front)

    @property
    def estimator(self) -> Estimator:
        """The best trial's estimator, to be fitted."""
        return self.estimator_of(self.best)

    def knobs_of(self, trial: Trial) -> dict[str, Any]:
        """The knobs of a trial, its epochs among them where these were its budget."""
        if trial.usual:
            return {name: getattr(self.setup.estimator, name) for name in self.setup.space.ranges}
        if not trial.steps:
            return dict(trial.knobs)
        ladder = self.setup.ladder
        return ladder.settled(dict(trial.knobs), best_step(trial.steps, ladder, self.setup.objectives[0]).rung)

    def estimator_of(self, trial: Trial) -> Estimator:
        """The estimator that a trial tried."""
        return self.setup.estimator if trial.usual else replace(self.setup.estimator, **self.knobs_of(trial))  # type: ignore[type-var]

    @property
    def line(self) -> str:
        """The best estimator as it stands in a recipe."""
        return as_code(self.estimator)

    @cached_property
    def importance(self) -> Mapping[str, float]:
        """How much of the differences between trials each knob explains, the most important one first."""
        return importance_of(self.complete, self.setup.space, self.setup.objectives[0])

    def frame(self) -> Frame:
        """One row per trial: number, state, objectives, knobs as text, budget, seconds, reason."""
        names = [one.name for one in self.setup.objectives]
        rows = [self._row(trial, names) for trial in self.trials]
        schema = {"trial": pl.Int64, "state": pl.String} | dict.fromkeys(names, pl.Float64)
        return pl.DataFrame(rows, schema | {"knobs": pl.String, "seconds": pl.Float64, "reason": pl.String})

    def _row(self, trial: Trial, names: list[str]) -> dict[str, Any]:
        values: Mapping[str, float] = dict(zip(names, trial.values, strict=False))
        knobs = ", ".join(f"{name}={value!r}" for name, value in self.knobs_of(trial).items())
        about = {"trial": trial.number, "state": trial.state, "knobs": knobs}
        return {**about, **{n: values.get(n) for n in names}, "seconds": trial.seconds, "reason": trial.reason}

    def look_at_test(self) -> Look:
        """Fit the estimator as it was and the best one on all training data, and judge both by the test part.

        The look is written into the record; asked the same again of the same test part, the answer is read from there.
        A look with other knobs, before or after the search, or with another question is counted: ``Look.nth`` above 1
        says that the number flatters.

        Raises:
            BadInput: nobody of the test part is in the question.
        """
        test, best = content_sum(self.setup.fold), self.best
        kept = [one for one in self.record.looks() if one[TEST] == test]
        asked, setup = self._asked(), self.setup
        same = next((one["look"] for one in kept if one.get(ASKED) == asked), None)
        if same is not None:
            return Look.from_dict(same)
        seen = look(setup.estimator, self.estimator, setup.fold, setup.search, setup.objectives)
        found = Look(len(kept) + 1, best.number, self.line, seen.users, setup.search.question, seen.metrics, seen.gain)
        with writing(self.path):
            self.record.add_look({TEST: test, ASKED: asked, "look": found.as_dict()})
        return found

    def _asked(self) -> dict[str, Any]:
        """All that the answer of a look at one test part depends on."""
        setup = self.setup
        by_ratings = setup.objectives[0].name in RATINGS
        about = {"k": setup.search.k, "question": setup.search.question, "ratings": by_ratings}
        return {USUAL: as_code(setup.estimator), TUNED: self.line, **about}


def as_code(estimator: Estimator) -> str:
    """``ALS(embedding_dim=128, reg=0.013)``: the knobs that are not as their class has them."""
    known = fields(cast(Any, estimator))
    said = [f"{one.name}={getattr(estimator, one.name)!r}" for one in known if _differs(estimator, one)]
    return f"{type(estimator).__name__}({', '.join(said)})"


def _differs(estimator: Estimator, field: Any) -> bool:
    return field.default is MISSING or bool(getattr(estimator, field.name) != field.default)


def _nothing(trials: tuple[Trial, ...], record: Path | None) -> str:
    failed = [trial for trial in trials if trial.state == "failed"]
    if not failed:
        return "no trial got to its end in the time there was: give more minutes, or fewer judged_users"
    first = f"trial {failed[0].number}: {failed[0].reason}"
    anew = "" if record is None else f". Once that is mended, begin anew: with another seed, or without {record}"
    return f"{len(failed)} of {len(trials)} trials failed and none got to its end; {first}{anew}"
