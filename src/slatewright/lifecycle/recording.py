"""Recording: what a run was, written down so that it can be done again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from slatewright.core.clock import MICROSECONDS_PER_SECOND
from slatewright.core.errors import SlatewrightError
from slatewright.data.content import content_sum
from slatewright.data.dataset import Dataset
from slatewright.data.splits import Fold
from slatewright.lifecycle.archive import archive_recipe
from slatewright.lifecycle.code_version import code_version
from slatewright.lifecycle.environment import environment
from slatewright.store.run import DataRead, Json, Run
from slatewright.store.runs import Runs
from slatewright.store.secrets import without_secrets
from slatewright.store.shop import Shop

# The sections of the settings that decide what a run finds. No other is copied: others hold places and passwords.
DECISIVE = ("weights", "ratings", "split")


class Tracker(Protocol):
    """Somewhere else that runs are kept too."""

    def keep(self, run: Run, files: Mapping[str, bytes]) -> None:
        """Take a recorded run over, with its recipes and files.

        Raises:
            SlatewrightError: it cannot; the message says why.
        """


@dataclass(frozen=True)
class Recorder:
    """What the edges know of a run: when it ``started`` (µs UTC), a ``clock`` to see how long it took, who else keeps
    runs, and whom to ``tell`` what a person may want to know (the id of the run, a tracker that is down).
    """

    started: int
    clock: Callable[[], int]
    tell: Callable[[str], None]
    tracker: Tracker | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What training and judging saw of the log: until when (µs UTC), the sum of its content, and how much it was."""

    as_of: int
    content: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """What was done and what came of it.

    ``kind`` is evaluate, compare, diagnose, frontier, tune, train or update; ``arguments`` are enough to do it again
    (JSON). ``data`` is what training and judging saw; of several folds each is ``seen`` while it is in memory.
    ``recipes`` are the contents of the recipe files by name, ``knobs`` those of every estimator and stage. ``metrics``
    are numbers or intervals, nested by what was measured; ``headline`` the few that a list of runs shows. ``files`` are
    kept beside the record: tables, plots (SVG).
    """

    kind: str
    arguments: Mapping[str, Json]
    data: Fold | Dataset | Sequence[Seen]
    recipes: Mapping[str, bytes]
    knobs: Mapping[str, Json]
    metrics: Mapping[str, Json]
    headline: Mapping[str, float | str] = field(default_factory=dict)
    seed: int | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)


def record_run(shop: Shop, outcome: Outcome, recorder: Recorder) -> str:
    """Write a run into the shop's folder, hand it to the tracker where there is one, and return its id.

    Give it the shop as it was read (``shop.pinned()``), so that the versions of the log are those that were read.

    Raises:
        NotWritten: the disk refused.
    """
    run = Run(
        kind=outcome.kind,
        started=recorder.started,
        seconds=(recorder.clock() - recorder.started) / MICROSECONDS_PER_SECOND,
        arguments=without_secrets(outcome.arguments),
        data=data_read(shop, outcome.data),
        recipes={name: archive_recipe(shop, content) for name, content in outcome.recipes.items()},
        knobs=without_secrets(outcome.knobs),
        settings=without_secrets({name: dict(shop.section(name)) for name in DECISIVE if shop.section(name)}),
        code=code_version(),
        environment=environment(),
        metrics=outcome.metrics,
        headline=outcome.headline,
        seed=outcome.seed,
    )
    kept = Runs(shop.runs).add(run, outcome.files)
    recorder.tell(f"recorded as run {kept.id}")
    if recorder.tracker is not None:
        _hand_over(recorder.tracker, kept, outcome, recorder.tell)
    return kept.id


def seen(data: Fold | Dataset) -> Seen:
    """Sum up what was seen of the log."""
    train = data.train if isinstance(data, Fold) else data
    counts = {"users": train.n_users, "items": train.n_items, "events": len(train.interactions)}
    if isinstance(data, Fold):
        counts["cases"] = len(data.test)
    return Seen(train.as_of, content_sum(data), counts)


def data_read(shop: Shop, data: Fold | Dataset | Sequence[Seen]) -> DataRead:
    """Which data that was: the versions of the shop's log, and what was seen of it.

    Of several folds, until when the last of them knew, how much the largest of them was, and one sum over their sums.
    """
    parts = [seen(data)] if isinstance(data, Fold | Dataset) else data
    content = parts[0].content
    if len(parts) > 1:
        content = hashlib.sha256("".join(part.content for part in parts).encode()).hexdigest()
    counts = {name: max(part.counts[name] for part in parts) for name in parts[0].counts}
    return DataRead(shop.log.versions(), max(part.as_of for part in parts), content, counts, shop.log.ends)


def _hand_over(tracker: Tracker, run: Run, outcome: Outcome, tell: Callable[[str], None]) -> None:
    """Tell the tracker too; one that is down costs a note, not the run."""
    contents = {f"recipes/{name}": content for name, content in outcome.recipes.items()} | dict(outcome.files)
    try:
        tracker.keep(run, contents)
    except SlatewrightError as error:
        tell(f"{error}; the run is recorded here all the same")
