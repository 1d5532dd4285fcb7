"""The search at work: propose, fit, write down, give up, go on; the same from the middle after a kill."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from slatewright.evaluate.tuning.budgets import Ladder
from slatewright.evaluate.tuning.climbing import Task
from slatewright.evaluate.tuning.crew import Crew, Said, Stepped
from slatewright.evaluate.tuning.proposing import Proposer
from slatewright.evaluate.tuning.recording import Record
from slatewright.evaluate.tuning.trials import Trial, best_step, out_of_patience

Watch: TypeAlias = Callable[[Trial], object]  # told of a trial when it begins, makes a step, ends
MOST_STARTS = 3  # a trial in whose middle the whole search died so often is not begun again
DIED = f"the whole search was ended {MOST_STARTS} times while it ran"
BEHIND, NO_BETTER, SAME = "behind the others at this budget", "no better with more", "the same knobs as trial {}"


@dataclass
class Running:
    """One run of a search. ``usual`` is the first trial, the estimator as it was; ``trials`` all so far, by number.

    ``unfinished`` are numbers of trials that are written down and left at that.
    """

    record: Record
    proposer: Proposer
    ladder: Ladder
    usual: Trial
    watch: Watch
    trials: dict[int, Trial] = field(default_factory=dict)
    unfinished: frozenset[int] = frozenset()

    def run(self, crew: Crew, most: int, deadline: float | None) -> None:
        """Go on until there are ``most`` trials, all ended, or the deadline (of ``time.monotonic``) has passed.

        What is running at the deadline stays so in the record, and is taken up by the next run.
        """
        self.trials = {trial.number: trial for trial in self.record.trials()}
        running = {trial.number for trial in self.trials.values() if trial.state == "running"}
        waiting = sorted(running - self.unfinished)
        at_work: set[int] = set()
        while deadline is None or time.monotonic() < deadline:
            while crew.free() and (number := self._next(waiting, most)) is not None:
                trial = self._taken_up(waiting.pop(0)) if waiting else self._new(number)
                if trial.state == "running" and number not in self.unfinished:
                    crew.start(Task(number, trial.knobs, self._rungs_left(trial), trial.usual))
                    at_work.add(number)
            if not at_work:
                return
            said = crew.hear(None if deadline is None else max(0.0, deadline - time.monotonic()))
            if said is not None and self._heard(crew, said).state != "running":
                at_work.discard(said.number)

    def _next(self, waiting: list[int], most: int) -> int | None:
        """The trial to begin now: one that was interrupted, or a new one, once enough is known to propose it."""
        if waiting:
            return waiting[0]
        number = len(self.trials)
        ready = all(trial.state != "running" for trial in self._known(number))
        return number if number < most and ready else None

    def _known(self, number: int) -> list[Trial]:
        """The trials that a trial may know of."""
        return [self.trials[at] for at in range(max(0, number - self.proposer.search.late + 1))]

    def _rungs_left(self, trial: Trial) -> tuple[int, ...]:
        """The budgets that a trial has still to try."""
        done = len(trial.steps)
        return (self.usual_rung,) if trial.usual else tuple(range(done, len(self.ladder.rungs)))

    @property
    def usual_rung(self) -> int:
        """Where the estimator as it was stands on the ladder."""
        return self.ladder.rung_of(self.proposer.estimator)

    def _taken_up(self, number: int) -> Trial:
        """A trial that was running when the search was ended: what it found so far counts."""
        trial = self.trials[number]
        trial = replace(trial, starts=trial.starts + 1)
        if trial.starts > MOST_STARTS:
            return self._ended(replace(trial, state="failed", reason=DIED))
        self.record.note(trial)
        return self._judged(trial) if trial.steps else self._told(trial)

    def _new(self, number: int) -> Trial:
        known = [trial for trial in self._known(number) if trial.params]
        if number == self.usual.number:
            trial = self.usual
        else:
            params = self.proposer.propose(number, known)
            trial = Trial(number, self.proposer.space.knobs(params), params)
        self.record.begin(trial)
        twin = next((one for one in known if one.knobs == trial.knobs and one.state in ("complete", "pruned")), None)
        if twin is None:
            return self._told(trial)
        steps = tuple(replace(step, seconds=0.0) for step in twin.steps)
        found: dict[str, Any] = {"steps": steps, "values": twin.values, "state": twin.state}
        return self._ended(replace(trial, **found, reason=SAME.format(twin.number)))

    def _heard(self, crew: Crew, said: Said) -> Trial:
        trial = self.trials[said.number]
        if not isinstance(said, Stepped):
            return self._ended(replace(trial, state="failed", reason=said.reason))
        trial = replace(trial, steps=(*trial.steps, said.step))
        self.record.note(trial)
        trial = self._judged(trial)
        crew.answer(trial.number, go_on=trial.state == "running")
        return trial

    def _judged(self, trial: Trial) -> Trial:
        """A trial after a step: it has come to its end, is given up, or goes on."""
        first = self.proposer.objectives[0]
        at_the_top = trial.usual or trial.steps[-1].rung == len(self.ladder.rungs) - 1
        settled = not at_the_top and out_of_patience(trial.steps, self.ladder, first, self.proposer.search.patience)
        if at_the_top or settled:
            values = best_step(trial.steps, self.ladder, first).values
            return self._ended(replace(trial, state="complete", values=values, reason=NO_BETTER if settled else ""))
        if self.proposer.gives_up(trial, self._known(trial.number)):
            return self._ended(replace(trial, state="pruned", reason=BEHIND))
        return self._told(trial)

    def _ended(self, trial: Trial) -> Trial:
        self.record.end(trial)
        return self._told(trial)

    def _told(self, trial: Trial) -> Trial:
        self.trials[trial.number] = trial
        self.watch(trial)
        return trial
