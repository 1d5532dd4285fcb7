"""An evaluation as Markdown."""

from collections.abc import Iterator

from slatewright.core.clock import iso
from slatewright.evaluate.evaluation import Evaluation, Group
from slatewright.evaluate.wording import LEGEND, cell, title


def markdown(evaluation: Evaluation, *, level: int = 3) -> str:
    """One table per group; ``level`` is the depth of the headings."""
    parts = [
        f"Trained on what was known before {iso(evaluation.as_of)[:10]} "
        f"({evaluation.n_users:,} users, {evaluation.n_items:,} items); every item is ranked."
    ]
    for group in evaluation.groups:
        heading = group.name[:1].upper() + group.name[1:]
        parts += [f"{'#' * level} {heading} ({group.users:,})", group.meaning, "\n".join(_rows(group, evaluation.k))]
    parts.append(LEGEND.format(level=evaluation.level))
    return "\n\n".join(parts) + "\n"


def _rows(group: Group, k: int) -> Iterator[str]:
    metrics = list(group.measured[0].metrics)
    yield "| | " + " | ".join(one.name for one in group.measured) + " |"
    yield "|---|" + "---|" * len(group.measured)
    for metric in metrics:
        yield f"| {title(metric, k)} | " + " | ".join(cell(one, metric) for one in group.measured) + " |"
