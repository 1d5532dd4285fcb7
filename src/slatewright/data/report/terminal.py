"""The data report in the terminal."""

from dataclasses import dataclass

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from slatewright.core.arrays import Frame, Index, Weights
from slatewright.data.report.contents import DataReport, Imported
from slatewright.data.report.findings import findings
from slatewright.data.report.wording import day_of, number, percent

_BLOCKS = " ▁▂▃▄▅▆▇█"
_WIDEST, _NARROWEST = 60, 12  # a curve over time
_TOP = 5


def render_terminal(report: DataReport) -> RenderableType:
    """What to print with Rich."""
    parts: list[RenderableType] = [_numbers(report), _kinds(report), _spreads(report), _top(report)]
    if report.imported is not None:
        parts.append(_imported(report.imported))
    sentences = Text("\n".join(f"• {sentence}" for sentence in findings(report)))
    parts.append(Panel(sentences, title="What stands out", title_align="left", border_style="dim"))
    return Group(*parts)


def _numbers(report: DataReport) -> RenderableType:
    grid = Table.grid(padding=(0, 3))
    names, values = zip(
        ("events", number(report.events)),
        ("users", number(report.users)),
        ("items", number(report.items)),
        ("density", percent(report.density)),
        ("from", day_of(report.first)),
        ("to", day_of(report.last)),
        strict=True,
    )
    grid.add_row(*(Text(name, style="dim") for name in names))
    grid.add_row(*(Text(value, style="bold") for value in values))
    return Panel(grid, title=Text(f"The events of {report.name}"), title_align="left", expand=False)


def _kinds(report: DataReport) -> RenderableType:
    table = _table("kind", "events", "users", "items")
    table.add_column("over time")
    for kind, events, users, items in report.kinds.rows():
        table.add_row(Text(kind), number(events), number(users), number(items), _curve(report.days, kind))
    return table


@dataclass(frozen=True)
class _Curve:
    """Events of one kind over time as a line of blocks, the highest one full, as wide as there is room."""

    days: Index  # of each count, from 0
    events: Weights

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        most = min(_WIDEST, options.max_width)
        return Measurement(min(_NARROWEST, most), most)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        length = int(self.days.max(initial=0)) + 1
        width = min(_WIDEST, options.max_width, length)
        sums = np.bincount(self.days.astype(np.int64) * width // length, weights=self.events, minlength=width)
        heights = np.ceil(sums / max(sums.max(), 1) * (len(_BLOCKS) - 1)).astype(np.int64)
        yield Text("".join(_BLOCKS[height] for height in heights), style="blue")


def _curve(days: Frame, kind: str) -> _Curve:
    offsets = days["day"].to_physical().to_numpy().astype(np.int32)
    mine = (days["kind"] == kind).to_numpy()
    # every curve is as long as the longest, so that they stand one below the other
    ends = np.array([0, offsets.max() - offsets.min()], dtype=np.int32)
    counts = days["events"].to_numpy()[mine].astype(np.float32)
    return _Curve(
        np.concatenate([offsets[mine] - offsets.min(), ends]), np.concatenate([counts, np.zeros(2, np.float32)])
    )


def _spreads(report: DataReport) -> RenderableType:
    table = _table("events", "users", "items")
    users, items = (dict(zip(*spread.bins(), strict=True)) for spread in (report.per_user, report.per_item))
    for name in users if len(users) > len(items) else items:
        table.add_row(name, number(users.get(name, 0)), number(items.get(name, 0)))
    return table


def _top(report: DataReport) -> RenderableType:
    table = _table("most popular items", "events", "users")
    for row in report.top.head(_TOP).iter_rows(named=True):
        table.add_row(
            Text(f"{row['item_id']} {row['title'] or ''}".strip()), number(row["events"]), number(row["users"])
        )
    return table


def _imported(imported: Imported) -> RenderableType:
    table = _table("cleaning", "rows")
    table.add_column("became")
    for name in ("read", "kept", "merged", "quarantined"):
        table.add_row(Text(name, style="bold"), number(getattr(imported, name)), "")
    for step in imported.steps:
        if step.rows:
            table.add_row(Text(f"  {step.step}"), number(step.rows), step.outcome)
    return table


def _table(first: str, *numbers: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim")
    table.add_column(first)
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table
