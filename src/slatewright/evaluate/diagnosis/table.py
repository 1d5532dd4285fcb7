"""A diagnosis in the terminal."""

from collections.abc import Iterable, Iterator, Sequence

from rich.box import HORIZONTALS
from rich.markup import escape
from rich.table import Table

from slatewright.evaluate.diagnosis.diagnosis import Diagnosis
from slatewright.evaluate.diagnosis.rows import BIASES, GROUPS, bias_rows, group_rows
from slatewright.evaluate.diagnosis.saying import LEGEND, about, heading, sentences

MOST = 6


def tables(found: Diagnosis) -> Iterator[Table | str]:
    """What to print with Rich, in order: the verdict, what to conclude, the worst groups, the legend."""
    yield f"[bold]{escape(heading(found))}[/bold]"
    yield escape(about(found))
    for sentence in sentences(found):
        yield escape(f"- {sentence}")
    parts: list[tuple[str, Sequence[str], list[Sequence[str]]]] = [
        (f"users by what is lost, NDCG@{found.k}", GROUPS, list(group_rows(found.user_groups, MOST))),
        ("right items by what is not found", GROUPS, list(group_rows(found.item_groups, MOST))),
    ]
    if found.ratings is not None:
        parts.append(("ratings by how far they are off", BIASES, list(bias_rows(found.ratings.biases, MOST))))
    yield from (_table(*part) for part in parts if part[2])
    yield escape(LEGEND)


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(title=escape(title), title_justify="left", box=HORIZONTALS, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(heads[0], overflow="fold")
    for head in heads[1:]:
        table.add_column(head, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*map(escape, row))
    return table
