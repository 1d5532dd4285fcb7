"""The search on disk: an Optuna study, so that it survives a kill and other tools can read it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from slatewright.core.errors import BadInput
from slatewright.evaluate.tuning.objectives import Objective
from slatewright.evaluate.tuning.proposing import distributions_of, optuna_module
from slatewright.evaluate.tuning.ranges import Space
from slatewright.evaluate.tuning.trials import State, Step, Trial

if TYPE_CHECKING:
    import optuna

LOOKS = "looks at the test part"
TRIAL = "trial"  # the attribute that holds what Optuna has no place for


@dataclass(frozen=True)
class Record:
    """The trials of one search. Every change is on disk when the call returns; one process writes at a time."""

    study: "optuna.study.Study"
    storage: "optuna.storages.BaseStorage"
    space: Space

    @classmethod
    def open(cls, path: Path | None, name: str, objectives: Sequence[Objective], space: Space) -> "Record":
        """The record of a search by its name, a new one where there is none; in memory without a path.

        Raises:
            BadInput: the file is there and no record of searches.
        """
        optuna = optuna_module()
        directions = ["maximize" if one.higher else "minimize" for one in objectives]
        try:
            storage = optuna.storages.InMemoryStorage() if path is None else _on_disk(path)
            study = optuna.create_study(storage=storage, study_name=name, directions=directions, load_if_exists=True)
        except Exception as error:  # Optuna and SQLAlchemy have no error of their own for a file that is none of theirs
            raise BadInput(f"{path} cannot be used as the record of a search: {error}") from error
        study.set_user_attr("objectives", [one.name for one in objectives])
        return cls(study, storage, space)

    def trials(self) -> list[Trial]:
        """Every trial, in order of number."""
        return [self._trial(one) for one in self.study.get_trials(deepcopy=False)]

    def begin(self, trial: Trial) -> None:
        """Write down a new trial, the next one, before it does anything."""
        optuna = optuna_module()
        self.study.add_trial(
            optuna.trial.create_trial(
                state=optuna.trial.TrialState.RUNNING,
                params=dict(trial.params),
                distributions=distributions_of(self.space) if trial.params else {},
                user_attrs={TRIAL: _kept(trial)},
            )
        )

    def note(self, trial: Trial) -> None:
        """Write down what changed in a running trial."""
        trial_id = self._id(trial.number)
        for step in trial.steps[-1:]:
            self.storage.set_trial_intermediate_value(trial_id, step.rung, step.values[0])
        self.storage.set_trial_user_attr(trial_id, TRIAL, _kept(trial))

    def end(self, trial: Trial) -> None:
        """Write down how a trial ended."""
        self.storage.set_trial_user_attr(self._id(trial.number), TRIAL, _kept(trial))
        states = optuna_module().trial.TrialState
        state = {"complete": states.COMPLETE, "pruned": states.PRUNED, "failed": states.FAIL}[trial.state]
        values = list(trial.values) if trial.state == "complete" else None
        self.storage.set_trial_state_values(self._id(trial.number), state, values)

    def looks(self) -> list[Mapping[str, Any]]:
        """Every look at the test part that a search of this file took, in order."""
        studies = optuna_module().study.get_all_study_summaries(self.storage)
        return [look for study in studies for look in study.user_attrs.get(LOOKS, [])]

    def add_look(self, look: Mapping[str, Any]) -> None:
        """Write down that the test part was looked at, and what was seen."""
        self.study.set_user_attr(LOOKS, [*self.study.user_attrs.get(LOOKS, []), look])

    def _trial(self, frozen: "optuna.trial.FrozenTrial") -> Trial:
        kept = dict(frozen.user_attrs[TRIAL])
        states: dict[str, State] = {"COMPLETE": "complete", "PRUNED": "pruned", "FAIL": "failed"}
        state = states.get(frozen.state.name, "running")
        return Trial(
            number=frozen.number,
            knobs={} if kept["usual"] else self.space.knobs(frozen.params),
            params=frozen.params,
            state=state,
            steps=tuple(Step(one["rung"], tuple(one["values"]), one["seconds"]) for one in kept.pop("steps")),
            values=tuple(frozen.values or ()) if state == "complete" else (),
            **kept,
        )

    def _id(self, number: int) -> int:
        study_id = self.storage.get_study_id_from_name(self.study.study_name)
        return self.storage.get_trial_id_from_study_id_trial_number(study_id, number)


def _on_disk(path: Path) -> "optuna.storages.RDBStorage":
    place = str(path.resolve())
    if set(place) & set("?{}") or unquote(place) != place:
        raise BadInput(
            "?, { and }, or % before two digits, mean something else in the address of a database; rename it"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    storage: optuna.storages.RDBStorage = optuna_module().storages.RDBStorage(f"sqlite:///{place}")
    return storage


def _kept(trial: Trial) -> dict[str, Any]:
    """What Optuna has no column for."""
    steps = [asdict(step) for step in trial.steps]
    return {"steps": steps, "reason": trial.reason, "usual": trial.usual, "starts": trial.starts}
