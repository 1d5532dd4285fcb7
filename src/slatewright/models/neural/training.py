"""The one loop that trains neural models."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Index, Scores
from slatewright.core.errors import Diverged, NoRoom, SlatewrightError
from slatewright.core.randomness import generator
from slatewright.models.neural.batch import Batch, ahead
from slatewright.models.neural.checkpoints import Checkpoint
from slatewright.models.neural.engine.engine import Dense, Step, chosen_engine
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.progress import Bar, progress_bar
from slatewright.models.neural.run import Run
from slatewright.models.neural.schedule import Schedule
from slatewright.models.neural.tables import Pace
from slatewright.models.neural.task import Task

TINY = float(np.finfo(np.float32).tiny)
OUT_OF_MEMORY = ("RESOURCE_EXHAUSTED", "ResourceExhausted", "out of memory", "OutOfMemory", "can't allocate memory")


@dataclass(frozen=True, slots=True)
class Trained:
    """``weights`` of the network at the best epoch; the task's tables hold their rows of that epoch.

    ``learning_curve`` float32 (epochs, 2 or 3): epoch from 1, mean loss, the validation where anything was held out.
    """

    weights: Sequence[Array]
    learning_curve: Scores
    best_epoch: int


def train(task: Task, knobs: NeuralKnobs, rng: np.random.Generator | None = None) -> Trained:
    """Train a task: ``knobs.epochs`` passes, fewer where the validation stops rising for ``knobs.patience`` of them.

    ``rng`` deals the batches; without one ``knobs.rng`` does.

    Raises:
        MissingExtra: no engine is installed.
        Diverged: the loss left the range of numbers, or rose far above what it began with.
        NoRoom: a step does not fit into the memory of the device.
        BadInput: the state in ``knobs.checkpoints`` is damaged.
        NotWritten: it cannot be written.
    """
    rng, name = rng or generator(knobs.rng), type(knobs).__name__
    step = chosen_engine().step(task.objective, Dense(knobs.weight_decay, knobs.clip_norm))
    checkpoint = Checkpoint.of(task, knobs)
    run = checkpoint.resumed(task, step, rng) or Run(step.start(task.weights))
    with progress_bar(name, knobs.epochs, task.steps, run.steps) as bar, _room(name, knobs):
        while task.steps and len(run.curve) < knobs.epochs and not run.is_over(knobs.patience):
            run.before(task)
            loss = _epoch(task, knobs, step, run, rng, bar)
            if loss > run.most():
                raise _diverged(f"the loss rose from {run.first:.3g} to {loss:.3g}", knobs, run)
            run.after(task, loss)
            bar.epoch(len(run.curve), run.curve[-1])
            checkpoint.keep(run, task, rng)
    trained = Trained(run.restore(task), run.learning_curve(), run.best_epoch)
    checkpoint.drop()
    return trained


def _epoch(task: Task, knobs: NeuralKnobs, step: Step, run: Run, rng: np.random.Generator, bar: Bar) -> float:
    """One pass over the data; the mean loss of its samples."""
    schedule = Schedule(knobs.learning_rate, knobs.epochs * task.steps, knobs.schedule, knobs.warm_up)
    total, weight = 0.0, 0.0
    with closing(ahead(task.epoch(rng))) as batches:
        for batch in batches:
            loss = _step(task, step, run, batch, Pace(schedule.at(run.steps), knobs.weight_decay))
            if not np.isfinite(loss):
                raise _diverged("the loss left the range of numbers", knobs, run)
            run.first = loss if run.first is None else run.first
            run.steps += 1
            here = float(batch.weights.sum())
            total, weight = total + loss * here, weight + here
            bar.step(loss)
    if not _is_finite(task, run):
        raise _diverged("what was learned left the range of numbers", knobs, run)
    return total / max(weight, TINY)


def _is_finite(task: Task, run: Run) -> bool:
    """Whether an epoch left numbers: a loss says so of the step before, and the last step has no loss after it."""
    with np.errstate(over="ignore", invalid="ignore"):
        arrays = [*run.state.arrays()[0], *(table.rows for table in task.tables.values())]
        return all(bool(np.isfinite(one.sum())) for one in arrays)


def _diverged(what: str, knobs: NeuralKnobs, run: Run) -> Diverged:
    return Diverged(
        f"{type(knobs).__name__}: {what} in epoch {len(run.curve) + 1}; "
        f"turn learning_rate down from {knobs.learning_rate:g}, or cut gradients with clip_norm"
    )


def _step(task: Task, step: Step, run: Run, batch: Batch, pace: Pace) -> float:
    """Move the network and the rows that a batch looks up; the batch's mean loss."""
    vectors = {role: task.tables[task.roles[role]].take(ids) for role, ids in batch.ids.items()}
    moved = step(run.state, vectors, batch.inputs, batch.weights, pace.learning_rate)
    run.state = moved.state
    if np.isfinite(moved.loss):
        for name, (ids, slopes) in _by_table(task.roles, batch.ids, moved.gradients).items():
            task.tables[name].move(ids, slopes, pace)
    return moved.loss


def _by_table(
    roles: Mapping[str, str], ids: Mapping[str, Index], slopes: Mapping[str, Scores]
) -> Mapping[str, tuple[list[Index], list[Scores]]]:
    """What was looked up in each table, and its gradients."""
    found: defaultdict[str, tuple[list[Index], list[Scores]]] = defaultdict(lambda: ([], []))
    for role, own in ids.items():
        found[roles[role]][0].append(own)
        found[roles[role]][1].append(slopes[role])
    return found


@contextmanager
def _room(name: str, knobs: NeuralKnobs) -> Iterator[None]:
    """Within, a device that is out of memory says which knob to turn."""
    try:
        yield
    except Exception as error:
        if isinstance(error, SlatewrightError) or not (
            isinstance(error, MemoryError) or any(word in f"{type(error).__name__} {error}" for word in OUT_OF_MEMORY)
        ):
            raise
        raise NoRoom(
            f"{name}: a step does not fit into memory; turn batch_size down from {knobs.batch_size}"
        ) from error
