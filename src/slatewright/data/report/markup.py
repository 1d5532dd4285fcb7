"""The few pieces of HTML that the page is made of; every text is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape

from slatewright.data.report.wording import number

Cell = str | int | None
_LISTED = 200  # rows of a long list; the rest is counted


def section(title: str, lead: str, *body: str) -> str:
    """A card with a heading and a sentence below it."""
    says = f"<p>{escape(lead)}</p>" if lead else ""
    return f"<section>\n<h2>{escape(title)}</h2>{says}\n" + "\n".join(body) + "\n</section>"


def plot(svg: str, caption: str = "") -> str:
    """A chart, which is markup already, and what to see in it."""
    says = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f"<figure>\n{svg}{says}</figure>"


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table; whole numbers stand to the right and have their thousands apart."""
    shown = list(rows)
    body = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in shown[:_LISTED])
    more = f"<p>and {number(len(shown) - _LISTED)} more</p>" if len(shown) > _LISTED else ""
    numeric = [bool(shown) and isinstance(cell, int) for cell in shown[0]] if shown else [False] * len(heads)
    head = "".join(
        f'<th class="n">{escape(name)}</th>' if right else f"<th>{escape(name)}</th>"
        for name, right in zip(heads, numeric, strict=True)
    )
    return f'<div class="wrap"><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>{more}'


def folded_away(summary: str, body: str) -> str:
    """Something long that opens on demand."""
    return f"<details><summary>{escape(summary)}</summary>{body}</details>"


def bullets(sentences: Iterable[str]) -> str:
    return '<ul class="findings">' + "".join(f"<li>{escape(text)}</li>" for text in sentences) + "</ul>"


def tiles(given: Iterable[tuple[str, str, str]]) -> str:
    """Large numbers: name, value, and a word on it."""
    return (
        '<dl class="tiles">'
        + "".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(value)}<small>{escape(note)}</small></dd></div>"
            for name, value, note in given
        )
        + "</dl>"
    )


def _cell(cell: Cell) -> str:
    if isinstance(cell, int):
        return f'<td class="n{" zero" if cell == 0 else ""}">{number(cell)}</td>'
    return f"<td>{escape(cell or '')}</td>"
