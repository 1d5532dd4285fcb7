"""A story in numbered steps: a spinner while a step runs, one calm line when it is done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

TITLE_WIDTH = 15
INDENT = 4


class Step:
    """One step under way; ``tell`` says what came out of it."""

    def __init__(self, title: str) -> None:
        self.title, self.told = title, ""

    def tell(self, text: str) -> None:
        """What the line says once the step is done."""
        self.told = text


class Story:
    """Counts the steps and the seconds."""

    def __init__(self, console: Console, heading: str) -> None:
        self._console = console
        self._steps = 0
        self.began = time.monotonic()
        console.print()
        console.print(Text(f"  {heading}", style="bold"))
        console.print()

    @property
    def seconds(self) -> float:
        """Since the story began."""
        return time.monotonic() - self.began

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Run one step; nothing is printed for a step that fails, its error says enough."""
        self._steps += 1
        step, began = Step(title), time.monotonic()
        with self._console.status(Text(f" {title}", style="dim"), spinner="dots", spinner_style="cyan"):
            yield step
        line = Table.grid(padding=(0, 2), expand=True)
        line.add_column(width=2, justify="right")
        line.add_column(width=TITLE_WIDTH)
        line.add_column(ratio=1, overflow="fold")
        line.add_column(justify="right", no_wrap=True)
        seconds = Text(f"{time.monotonic() - began:.1f} s", style="dim")
        line.add_row(Text(str(self._steps), style="cyan"), Text(title, style="bold"), Text(step.told), seconds)
        self._console.print(line)

    def show(self, part: RenderableType) -> None:
        """Something that belongs to the step before, below it."""
        self._console.print(Padding(part, (0, 0, 0, INDENT + TITLE_WIDTH + 2)))

    def say(self, text: str = "", style: str = "") -> None:
        """One line of its own, never broken, so that an address stays whole."""
        self._console.print(Text(f"{' ' * INDENT}{text}" if text else "", style=style), soft_wrap=True)
