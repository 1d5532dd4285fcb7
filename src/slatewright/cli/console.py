"""What commands print: answers on stdout, everything else on stderr, so that answers can be piped."""

import json
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

WIDE = 120  # columns, where the answer goes into a file or a pipe and nobody says how wide that is


def _width() -> int | None:
    return None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDE


answers = Console(width=_width())
notes = Console(stderr=True)

PATIENCE = 2.0  # seconds: work that takes longer shows a bar


def complain(message: str) -> None:
    """One error, red, without a traceback."""
    notes.print(Text("error: ", style="bold red") + Text(message, style="red"), soft_wrap=True)


def note(message: str) -> None:
    """Something a person may want to know, but no program."""
    notes.print(Text(message, style="dim"), soft_wrap=True)


def say(message: str) -> None:
    """One line of an answer, as it is: ids may hold anything, so no markup is read."""
    answers.print(Text(message), soft_wrap=True)


def print_json(answer: Mapping[str, Any] | list[Any]) -> None:
    """An answer for a program: JSON on stdout, nothing else, never wrapped or coloured."""
    print(json.dumps(answer, ensure_ascii=False, indent=2, default=str))  # noqa: T201


class Bar:
    """A progress bar; call it with what is being done, how many steps are behind us, and how many there are."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def __call__(self, step: str, done: int, total: int | None) -> None:
        """Say how far the work is."""
        self._progress.update(self._task, description=step, completed=done, total=total or None)


@contextmanager
def progress_bar() -> Iterator[Bar]:
    """A bar on stderr that appears when the work takes longer than ``PATIENCE`` and goes away when it is done.

    There is none where stderr is a file.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    progress = Progress(*columns, console=notes, transient=True)
    patience = threading.Timer(PATIENCE, progress.start)
    patience.daemon = True
    if notes.is_terminal:
        patience.start()
    try:
        yield Bar(progress)
    finally:
        patience.cancel()
        if patience.is_alive():
            patience.join()
        if progress.live.is_started:
            progress.stop()
