"""Where a training is: what its next epoch goes on from, and the best it has been."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.models.neural.engine.engine import State
from slatewright.models.neural.epochs import told
from slatewright.models.neural.task import Task

RISE, AT_LEAST = 10.0, 20.0  # a loss per sample is below 20 even where a model knows nothing of millions of items


@dataclass
class Run:
    """``curve`` has an entry per epoch: loss, and the validation where anything was held out.

    ``best_weights`` and ``best_rows`` (by table) are those of ``best_epoch``, None while that is the last epoch.
    ``first`` is the loss of the first step that this process took.
    """

    state: State
    steps: int = 0
    curve: list[tuple[float, ...]] = field(default_factory=list)
    best_epoch: int = 0
    best: float = -np.inf
    best_weights: Sequence[Array] | None = None
    best_rows: Mapping[str, Scores] = field(default_factory=dict)
    first: float | None = None

    def most(self) -> float:
        """The mean loss of an epoch above which a training runs away from the data."""
        return max(AT_LEAST, RISE * (self.first or 0.0))

    def before(self, task: Task) -> None:
        """Keep what an epoch is about to change, where it is the best there was and could be wanted again."""
        if self.best_epoch and self.best_epoch == len(self.curve) and len(self.curve[-1]) > 1:
            self.best_weights = self.state.arrays()[0]
            self.best_rows = {name: table.rows.copy() for name, table in task.tables.items()}

    def after(self, task: Task, loss: float) -> None:
        """Judge an epoch and note it."""
        mark = task.validation(self.state.arrays()[0])
        mark = None if mark is None else told(mark)  # what is told as level is level: the earlier epoch is kept
        self.curve.append((loss,) if mark is None else (loss, mark))
        if mark is None or mark > self.best:
            self.best_epoch, self.best = len(self.curve), -np.inf if mark is None else mark
            self.best_weights, self.best_rows = None, {}

    def is_over(self, patience: int | None) -> bool:
        """Whether the validation has not risen for so many epochs."""
        return patience is not None and bool(self.curve) and len(self.curve) - self.best_epoch >= patience

    def restore(self, task: Task) -> Sequence[Array]:
        """The weights of the best epoch; the tables get its rows back."""
        if self.best_weights is None:
            return self.state.arrays()[0]
        for name, rows in self.best_rows.items():
            task.tables[name].rows[:] = rows
        return self.best_weights

    def learning_curve(self) -> Scores:
        """Epoch from 1, loss, validation where there was one: float32 (epochs, 2 or 3)."""
        rows = [(at + 1, *row) for at, row in enumerate(self.curve)]
        return np.array(rows, dtype=np.float32).reshape(len(rows), -1 if rows else 2)
