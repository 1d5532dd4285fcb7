"""A comparison as Markdown."""

from collections.abc import Iterator, Sequence

from slatewright.evaluate.comparing.comparison import Comparison
from slatewright.evaluate.comparing.saying import behind_best, heading, lead, legend, sentences, verdict
from slatewright.evaluate.evaluation import BASELINE, Measured
from slatewright.evaluate.markdown_table import markdown_table
from slatewright.evaluate.provenance import audit_lines, known, ranking
from slatewright.evaluate.wording import number, title


def markdown(found: Comparison, *, level: int = 2) -> str:
    """The verdict, the table, and every pair; ``level`` is the depth of the headings."""
    name = heading(found)
    parts = [
        f"{known(found)}. {ranking(found)}",
        "\n".join(f"- {line.strip()}" for line in audit_lines(found)),
        "\n".join(f"- {sentence}" for sentence in sentences(found)),
        f"{'#' * level} {name[:1].upper()}{name[1:]}",
        found.meaning,
        markdown_table(*_standing(found)),
        f"{'#' * level} Every pair",
        markdown_table(*_pairs(found)),
        legend(found),
    ]
    return "\n\n".join(parts) + "\n"


def _standing(found: Comparison) -> tuple[Sequence[str], Iterator[Sequence[str]]]:
    heads = ("", *(title(metric, found.k) for metric in found.metrics), "behind the best", "p")
    return heads, (_row(found, one) for one in found.contenders)


def _row(found: Comparison, one: Measured) -> Sequence[str]:
    values = (one.metrics[metric] for metric in found.metrics)
    cells = (f"{number(value.value)} [{number(value.low)}, {number(value.high)}]" for value in values)
    name = f"*{one.name}*, to be beaten" if one.name == BASELINE else one.name
    return (name, *cells, *behind_best(found, one.name))


def _pairs(found: Comparison) -> tuple[Sequence[str], Iterator[Sequence[str]]]:
    rows = ((title(one.metric, found.k), one.first, one.second, lead(one), verdict(one)) for one in found.differences)
    return ("metric", "higher", "lower", "difference", "p"), rows
