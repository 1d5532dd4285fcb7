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
    """A bar over all steps of a training; one without ``progress`` shows nothing.

    ``at`` of ``epochs`` are done, the last of them with ``validation``, where anything is held out.
    """

    progress: Progress | None = None
    row: TaskID | None = None
    epochs: int = 0
    at: int = 0
    validation: str = ""

    def step(self, loss: float) -> None:
        """One step is done."""
        if self.progress is not None and self.row is not None:
            told = f"epoch {min(self.at + 1, self.epochs)} of {self.epochs}, loss {loss:.4f}{self.validation}"
            self.progress.update(self.row, advance=1, told=told)

    def epoch(self, at: int, marks: tuple[float, ...]) -> None:
        """An epoch (from 1) is done, with its loss and, where there is one, its validation."""
        self.at, self.validation = at, f", validation {marks[1]:.4f}" if len(marks) > 1 else ""


@contextmanager
def progress_bar(name: str, epochs: int, steps: int, done: int = 0) -> Iterator[Bar]:
    """A bar while ``epochs`` of ``steps`` each run, of which ``done`` steps are done already, gone afterwards.

    There is none where standard error is no terminal, or shows a bar that has no room for another.
    """
    notes = Console(stderr=True)
    if not (notes.is_terminal and sys.stderr.isatty()):
        yield Bar()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    progress = Progress(*columns, console=notes, transient=True)
    row = progress.add_task(name, total=epochs * steps, completed=done, told="compiling the first step")
    try:
        progress.start()
    except LiveError:  # a command shows a bar of its own
        yield Bar()
        return
    try:
        yield Bar(progress, row, epochs, done // max(steps, 1))
    finally:
        progress.stop()
