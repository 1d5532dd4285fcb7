"""Tune: choose the knobs of an estimator on validation data, and leave the test part for one look at the end."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from slatewright.data.splits import Fold
from slatewright.evaluate.tuning.deriving import Given
from slatewright.evaluate.tuning.recording import Record
from slatewright.evaluate.tuning.running import Watch
from slatewright.evaluate.tuning.search import Search
from slatewright.evaluate.tuning.setup import Setup, setup_of, writing
from slatewright.evaluate.tuning.trials import Trial
from slatewright.evaluate.tuning.tuned import Tuned
from slatewright.evaluate.tuning.workers import Source
from slatewright.models import Estimator


def unwatched(trial: Trial) -> None:
    """Tell nobody."""


def tune(
    estimator: Estimator | type[Estimator],
    fold: Fold,
    *,
    objective: Sequence[str] = ("ndcg",),
    space: Given | None = None,
    search: Search | None = None,
    record: Path | str | None = None,
    watch: Watch = unwatched,
) -> Tuned:
    """Search for the knobs with which an estimator does best on ``fold.validation``; ``fold.test`` is not read.

    The first trial is the estimator as it is. ``space`` names knobs and their ranges (``{"reg": (1e-4, 1),
    "embedding_dim": [32, 64]}``); without it the estimator's own are searched. ``record`` is an SQLite file: a search
    that was stopped, however it was stopped, goes on from there when it is started again. ``watch`` is told of every
    trial when it begins, after each budget, and when it ends. ``Tuned.look_at_test()`` gives the final number.

    Raises:
        BadKnob: a knob that there is not, a value out of range, nothing to choose.
        BadInput: no such objective, no validation part, nobody to judge by, or no trial got to its end.
        MissingExtra: Optuna is not installed.
        Busy: another process searches with this record.
    """
    setup = setup_of(estimator, fold, objective, space, search or Search())
    return run_setup(setup, record=None if record is None else Path(record), watch=watch)


def run_setup(
    setup: Setup,
    *,
    record: Path | None,
    watch: Watch,
    source: Source | None = None,
    unfinished: Iterable[int] = (),
) -> Tuned:
    """Run a search that was put together; ``source`` is the recipe that the estimator's class may be from.

    ``unfinished`` are trials, by number, that are to stay as a search left them that was stopped in the middle.
    """
    with writing(record):
        kept = Record.open(record, setup.name(), setup.objectives, setup.space)
        setup.run(kept, watch, source, frozenset(unfinished))
        tuned = Tuned(setup, tuple(kept.trials()), kept, record)
    _ = tuned.best
    return tuned
