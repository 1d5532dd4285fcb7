"""A comparison as Markdown."""

from collections.abc import Iterator

from slatewright.evaluate.comparing.comparison import Comparison
from slatewright.evaluate.comparing.saying import behind_best, heading, lead, legend, sentences, verdict
from slatewright.evaluate.evaluation import BASELINE
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
        "\n".join(_rows(found)),
        f"{'#' * level} Every pair",
        "\n".join(_pairs(found)),
        legend(found),
    ]
    return "\n\n".join(parts) + "\n"


def _rows(found: Comparison) -> Iterator[str]:
    yield "| | " + " | ".join(title(metric, found.k) for metric in found.metrics) + " | behind the best | p |"
    yield "|---|" + "---|" * (2 + len(found.metrics))
    for one in found.contenders:
        values = (one.metrics[metric] for metric in found.metrics)
        cells = [f"{number(value.value)} [{number(value.low)}, {number(value.high)}]" for value in values]
        name = f"*{one.name}*, to be beaten" if one.name == BASELINE else one.name
        yield f"| {name} | " + " | ".join([*cells, *behind_best(found, one.name)]) + " |"


def _pairs(found: Comparison) -> Iterator[str]:
    yield "| metric | higher | lower | difference | p |"
    yield "|---|---|---|---|---|"
    for one in found.differences:
        yield f"| {title(one.metric, found.k)} | {one.first} | {one.second} | {lead(one)} | {verdict(one)} |"
