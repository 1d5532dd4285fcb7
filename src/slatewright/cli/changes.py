"""What differs between two runs, as a table in the terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from slatewright.store.flattening import ABSENT, Change
from slatewright.store.run import Json

ENDS = ("/low", "/high")  # of an interval: they stand beside its value
LONGEST = 40  # characters of a value


def changes_table(changes: Sequence[Change], before: str, after: str, *, title: str = "") -> Table:
    """One row for each name that differs, with the step between two numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold", title=title or None, title_justify="left")
    table.add_column("", overflow="fold")
    table.add_column(before, overflow="fold")
    table.add_column(after, overflow="fold")
    table.add_column("by", justify="right", no_wrap=True)
    for one in changes:
        table.add_row(Text(one.name), Text(spoken(one.before)), Text(spoken(one.after)), Text(step(one)))
    return table


def without_ends(changes: Sequence[Change]) -> list[Change]:
    """Without the ends of intervals whose value differs too."""
    names = {one.name for one in changes}
    return [one for one in changes if not (one.name.endswith(ENDS) and one.name.rpartition("/")[0] in names)]


def spoken(value: Json) -> str:
    """A value to the last digit; a long sum is cut, since two of them differ at once or not at all."""
    text = ABSENT if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def step(one: Change) -> str:
    """By how much a number grew."""
    numbers = [value for value in (one.before, one.after) if type(value) in (int, float)]
    return f"{numbers[1] - numbers[0]:+.3g}" if len(numbers) == 2 else ""
