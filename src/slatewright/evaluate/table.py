"""An evaluation in the terminal."""

from collections.abc import Iterator

from rich.table import Table

from slatewright.core.clock import iso
from slatewright.evaluate.evaluation import Evaluation, Group
from slatewright.evaluate.wording import LEGEND, cell, title


def tables(evaluation: Evaluation) -> Iterator[Table | str]:
    """What to print with Rich, in order: a line about the data, one table per group, the legend."""
    yield (
        f"Trained on what was known before {iso(evaluation.as_of)[:10]}: "
        f"{evaluation.n_users:,} users, {evaluation.n_items:,} items. Every item is ranked."
    )
    for group in evaluation.groups:
        yield _table(group, evaluation.k)
    yield LEGEND.format(level=evaluation.level)


def _table(group: Group, k: int) -> Table:
    heading = f"{group.name} ({group.users:,})"
    table = Table(title=heading, caption=group.meaning, title_justify="left", caption_justify="left")
    table.add_column("")
    for measured in group.measured:
        table.add_column(measured.name, justify="left")
    for metric in group.measured[0].metrics:
        # Square brackets are markup to Rich.
        table.add_row(title(metric, k), *(cell(one, metric).replace("[", "\\[") for one in group.measured))
    return table
