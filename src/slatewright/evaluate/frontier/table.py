"""A frontier in the terminal, as Markdown and as a page."""

from collections.abc import Iterator

from rich.box import HORIZONTALS
from rich.markup import escape
from rich.table import Table

from slatewright.data.report.markup import bullets, plot, section, table
from slatewright.data.report.whole_page import whole_page
from slatewright.evaluate.frontier.frontier import ACCURACY, Frontier, Point
from slatewright.evaluate.frontier.picture import picture
from slatewright.evaluate.markdown_table import markdown_table
from slatewright.evaluate.provenance import audit_lines, known, ranking
from slatewright.evaluate.wording import number, short, title
from slatewright.metrics.registry import MEANINGS

ON_FRONT = "●"
LEGEND = f"{ON_FRONT}: no other way is better both in {{accuracy}} and in this."


def heads(found: Frontier) -> list[str]:
    """The heads of the columns."""
    return ["", *(title(metric, found.k) for metric in (ACCURACY, *found.across))]


def rows(found: Frontier) -> Iterator[list[str]]:
    """Each way: its name and its numbers; those on a front are marked."""
    fronts = {metric: found.front(metric) for metric in found.across}
    for point in found.points:
        cells = [f"{short(point.metrics[metric].value)}{_mark(point, fronts[metric])}" for metric in found.across]
        yield [point.name, number(point.metrics[ACCURACY].value), *cells]


def _mark(point: Point, front: tuple[Point, ...]) -> str:
    return f" {ON_FRONT}" if point in front else ""


def legend(found: Frontier) -> str:
    """What the marks say."""
    return LEGEND.format(accuracy=title(ACCURACY, found.k))


def _how_to_read(metric: str) -> str:
    side = "left" if MEANINGS[metric].better == "lower" else "right"
    return f"{MEANINGS[metric].text}. Up is more accurate, to the {side} is better. Ringed: nothing is better in both."


def tables(found: Frontier) -> Iterator[Table | str]:
    """What to print with Rich, in order."""
    yield escape(f"{known(found)}. {ranking(found)}")
    yield escape("\n".join(audit_lines(found)))
    shown = Table(
        title=escape(f"{found.question} ({found.users:,})"), title_justify="left", box=HORIZONTALS, pad_edge=False
    )
    for at, head in enumerate(heads(found)):
        shown.add_column(escape(head), justify="right" if at else "left", no_wrap=at == 0)
    for row in rows(found):
        shown.add_row(*map(escape, row))
    yield shown
    for sentence in found.sentences():
        yield escape(f"- {sentence}")
    yield escape(legend(found))


def markdown(found: Frontier) -> str:
    """The same as Markdown."""
    parts = [
        "# What variety costs",
        f"{known(found)}, judged by {found.users:,} users: {found.question}.",
        "\n".join(f"- {sentence}" for sentence in found.sentences()),
        markdown_table(heads(found), rows(found)),
        legend(found),
    ]
    return "\n\n".join(parts) + "\n"


def render_html(found: Frontier, *, shop: str) -> str:
    """The same as a page with pictures."""
    pictures = [
        section(title(metric, found.k), _how_to_read(metric), plot(picture(found, metric))) for metric in found.across
    ]
    parts = [
        section("What to conclude", "", bullets(found.sentences())),
        *pictures,
        section("Every way to arrange", f"{found.question} ({found.users:,})", table(heads(found), rows(found))),
        section("How it was made", ranking(found), bullets(line.strip() for line in audit_lines(found))),
    ]
    about = f"{known(found)}, judged by {found.users:,} users"
    return whole_page(f"What variety costs {shop}", about, parts, footer=legend(found))
