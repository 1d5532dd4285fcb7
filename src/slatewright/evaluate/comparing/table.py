"""A comparison in the terminal."""

from collections.abc import Iterator

from rich.box import HORIZONTALS
from rich.markup import escape
from rich.table import Table

from slatewright.evaluate.comparing.comparison import Comparison
from slatewright.evaluate.comparing.saying import behind_best, heading, legend, sentences
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.provenance import audit_lines, known, ranking
from slatewright.evaluate.wording import number, title


def tables(found: Comparison) -> Iterator[Table | str]:
    """What to print with Rich, in order: what was known, the table with popularity's line, the verdict, the legend."""
    yield escape(f"{known(found)}. {ranking(found)}")
    yield escape("\n".join(audit_lines(found)))
    yield _table(found)
    for sentence in sentences(found):
        yield escape(f"- {sentence}")
    yield escape(legend(found))


def _table(found: Comparison) -> Table:
    table = Table(
        title=escape(heading(found)), title_justify="left", box=HORIZONTALS, pad_edge=False, padding=(0, 1, 0, 0)
    )
    main, *rest = found.metrics
    table.add_column("", no_wrap=True)
    table.add_column(title(main, found.k), no_wrap=True)
    for metric in rest:
        table.add_column(title(metric, found.k), justify="right")
    table.add_column("behind the best", no_wrap=True)
    table.add_column("p")
    rows = [one.name for one in found.contenders]
    for at, one in enumerate(found.contenders):
        value = one.metrics[main]
        cells = [
            f"[bold]{escape(one.name)}[/bold]" if one.name != BASELINE else f"[dim]{one.name}[/dim]",
            escape(f"{number(value.value)} [{number(value.low)}, {number(value.high)}]"),
            *(number(one.metrics[metric].value) for metric in rest),
            *map(escape, behind_best(found, one.name)),
        ]
        table.add_row(*cells, end_section=BASELINE in (one.name, *rows[at + 1 : at + 2]))
    return table
