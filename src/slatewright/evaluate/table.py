"""An evaluation in the terminal: a few metrics a table, laid out for the width there is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.box import HORIZONTALS
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from slatewright.evaluate.evaluation import Breakdown, Evaluation, Group, Measured
from slatewright.evaluate.provenance import (
    audit_lines,
    clicks_said,
    combined,
    fold_name,
    ranking,
    said_of_split,
    training,
)
from slatewright.evaluate.wording import LEGEND, meanings, metrics_in, short_cell, title
from slatewright.metrics.registry import MEANINGS

EXPOSURE, FOUND, CLICKED = "exposure", "recall", "ctr"
ERRORS = ("rmse", "mae")  # of foretold ratings
FOLDED = ("ndcg", "recall")  # what is shown of every fold


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: what it is called, whose numbers, and of which metric."""

    name: str
    measured: Sequence[Measured]
    metric: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows by recommenders. Intervals stand beside the values where there is room, below them where there is not."""

    title: str
    note: str
    rows: Sequence[Row]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """What it is about, and as few tables as fit the width."""
        yield Text(self.title, style="bold")
        yield Text(self.note, style="dim")
        names = list(dict.fromkeys(one.name for row in self.rows for one in row.measured))
        wide = self._table(names, " ")
        yield from [wide] if _fits(console, options, wide) else self._narrow(console, options, names)

    def _narrow(self, console: Console, options: ConsoleOptions, names: list[str]) -> Iterator[Table]:
        """As many recommenders side by side as there is room for, at least one."""
        while names:
            tables = ((n, self._table(names[:n], "\n")) for n in range(len(names), 0, -1))
            n, table = next((n, one) for n, one in tables if n == 1 or _fits(console, options, one))
            yield table
            names = names[n:]

    def _table(self, names: Sequence[str], between: str) -> Table:
        table = Table(box=HORIZONTALS, pad_edge=False, padding=(0, 1, 0, 0) if between == " " else 0)
        table.add_column("", no_wrap=True)
        for name in names:
            table.add_column(escape(name.replace(" ", between)), no_wrap=True)
        for row in self.rows:
            by_name = {one.name: short_cell(one, row.metric, between) for one in row.measured}
            table.add_row(
                escape(row.name.replace(": ", ":" + between)), *(escape(by_name.get(name, "")) for name in names)
            )
        return table


def _fits(console: Console, options: ConsoleOptions, table: Table) -> bool:
    """Whether a table is printed without breaking a line."""
    return Measurement.get(console, options.update(max_width=10_000), table).maximum <= options.max_width


def tables(evaluation: Evaluation, *, every_metric: bool = False) -> Iterator[RenderableType]:
    """What to print with Rich, in order: a line about the data, one table per group, what the metrics mean."""
    yield escape(f"{training(evaluation)} {ranking(evaluation)}")
    if evaluation.protocol.knobs:
        yield escape(said_of_split(evaluation))
    if evaluation.audit:
        yield escape("\n".join(audit_lines(evaluation)))
    shown: dict[str, None] = {}
    for group in evaluation.groups:
        metrics = [one for one in metrics_in(group.measured) if every_metric or is_shown(one)]
        shown |= dict.fromkeys(metrics)
        rows = [Row(_name(metric), group.measured, metric) for metric in metrics]
        yield Grid(f"{group.name} ({group.users:,})", group.meaning, rows)
    for breakdown in evaluation.breakdowns:
        yield from breakdown_grids(breakdown)
        shown |= dict.fromkeys(metric for metric in main_metrics(breakdown))
    if evaluation.folds:
        yield from fold_grids(evaluation)
        yield combined(evaluation)
    if evaluation.ratings:
        yield ratings_grid(evaluation.ratings)
        shown |= dict.fromkeys(ERRORS)
    if evaluation.clicks:
        yield clicks_grid(evaluation)
        shown |= {CLICKED: None}
    yield "\n".join(meanings(shown))
    yield LEGEND.format(level=evaluation.level)


def ratings_grid(ratings: Group) -> Grid:
    """How far foretold ratings are off."""
    rows = [Row(_name(metric), ratings.measured, metric) for metric in ERRORS]
    return Grid(f"{ratings.name} ({ratings.users:,} users)", ratings.meaning, rows)


def clicks_grid(evaluation: Evaluation) -> Grid:
    """CTR of what was shown: everywhere, by surface, by variant."""
    heading, note, names = clicks_said(evaluation)
    rates = [Measured(title(CLICKED, evaluation.k), {CLICKED: one.ctr}, {}) for one in evaluation.clicks]
    return Grid(heading, note, [Row(name, [one], CLICKED) for name, one in zip(names, rates, strict=True)])


def is_shown(metric: str) -> bool:
    """Whether the terminal shows a metric without being asked for it; one that is not ours is."""
    return metric not in MEANINGS or MEANINGS[metric].shown


def main_metrics(breakdown: Breakdown) -> tuple[str, ...]:
    """What is shown of segments: what was found for users; of items also who gets the places."""
    return (FOUND,) if breakdown.of == "users" else (FOUND, EXPOSURE)


def breakdown_grids(breakdown: Breakdown) -> Iterator[Grid]:
    """One grid per main metric, a row per segment."""
    for metric in main_metrics(breakdown):
        rows = [Row(_segment(group, breakdown), group.measured, metric) for group in breakdown.groups]
        yield Grid(f"{_name(metric)} by {breakdown.by} of {breakdown.of}", breakdown.question, rows)


def fold_grids(evaluation: Evaluation) -> Iterator[Grid]:
    """One grid per main metric of the first question, a row per fold."""
    question = evaluation.groups[0].name
    folds = [(fold, one) for fold in evaluation.folds for one in fold.groups if one.name == question]
    for metric in FOLDED:
        rows = [Row(fold_name(evaluation, fold, one), one.measured, metric) for fold, one in folds]
        yield Grid(f"{_name(metric)} by fold, {question}", "Each fold by itself.", rows)


def _segment(group: Group, breakdown: Breakdown) -> str:
    return f"{group.name} ({group.users:,})" if breakdown.of == "users" else f"{group.name}: {group.meaning}"


def _name(metric: str) -> str:
    return MEANINGS[metric].title if metric in MEANINGS else metric
