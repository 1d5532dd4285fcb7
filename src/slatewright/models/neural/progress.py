"""How far a training is, on standard error where somebody looks: epochs, loss, validation, time left."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.errors import LiveError
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn


@dataclass
class Bar:
    """A bar over all steps of a training; one without ``progress`` shows nothing."""

    progress: Progress | None = None
    row: TaskID | None = None

    def step(self, loss: float) -> None:
        """One step is done."""
        if self.progress is not None and self.row is not None:
            self.progress.update(self.row, advance=1, loss=f"loss {loss:.4f}")

    def epoch(self, at: int, marks: tuple[float, ...]) -> None:
        """An epoch (from 1) is done, with its loss and, where there is one, its validation."""
        if self.progress is not None and self.row is not None:
            validation = f", validation {marks[1]:.4f}" if len(marks) > 1 else ""
            self.progress.update(self.row, epoch=f"epoch {at}{validation}")


@contextmanager
def progress_bar(name: str, steps: int, done: int = 0) -> Iterator[Bar]:
    """A bar while a training runs, gone afterwards; none where standard error is no terminal or shows a bar already."""
    notes = Console(stderr=True)
    if not (notes.is_terminal and sys.stderr.isatty()):
        yield Bar()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[epoch]} {task.fields[loss]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    progress = Progress(*columns, console=notes, transient=True)
    row = progress.add_task(name, total=steps, completed=done, epoch="epoch 0", loss="")
    try:
        progress.start()
    except LiveError:  # a command shows a bar of its own
        yield Bar()
        return
    try:
        yield Bar(progress, row)
    finally:
        progress.stop()
