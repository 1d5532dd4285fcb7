"""An evaluation as Markdown: every metric, with its interval and what it means."""

from collections.abc import Iterator

from slatewright.core.clock import iso
from slatewright.evaluate.evaluation import Breakdown, Evaluation, Group
from slatewright.evaluate.wording import LEGEND, cell, meanings, metrics_in, title


def markdown(evaluation: Evaluation, *, level: int = 3) -> str:
    """One table per group, and one per metric of each breakdown; ``level`` is the depth of the headings."""
    parts = [
        f"Trained on what was known before {iso(evaluation.as_of)[:10]} "
        f"({evaluation.n_users:,} users, {evaluation.n_items:,} items); every item is ranked."
    ]
    for group in evaluation.groups:
        heading = f"{'#' * level} {_capital(group.name)} ({group.users:,})"
        parts += [heading, group.meaning, "\n".join(_rows(group, evaluation.k))]
    for breakdown in evaluation.breakdowns:
        parts += _breakdown(breakdown, evaluation.k, level)
    shown = dict.fromkeys(m for group in evaluation.groups for m in metrics_in(group.measured))
    parts += ["\n".join(f"- {meaning}" for meaning in meanings(shown)), LEGEND.format(level=evaluation.level)]
    return "\n\n".join(parts) + "\n"


def _rows(group: Group, k: int) -> Iterator[str]:
    yield _header("", [one.name for one in group.measured])
    for metric in metrics_in(group.measured):
        yield f"| {title(metric, k)} | " + " | ".join(cell(one, metric) for one in group.measured) + " |"


def _breakdown(breakdown: Breakdown, k: int, level: int) -> Iterator[str]:
    yield f"{'#' * level} By {breakdown.by} of {breakdown.of}"
    yield f"{_capital(breakdown.question)}; in brackets behind a segment: how many of them."
    for metric in metrics_in(one for group in breakdown.groups for one in group.measured):
        rows = [
            f"| {group.name} ({group.users:,}) | {group.meaning} | "
            + " | ".join(cell(one, metric) for one in group.measured)
            + " |"
            for group in breakdown.groups
        ]
        names = [one.name for one in breakdown.groups[0].measured]
        yield "\n".join([_header(title(metric, k), ["", *names]), *rows])


def _header(first: str, names: list[str]) -> str:
    return f"| {first} | ".replace("  ", " ") + " | ".join(names) + " |\n|---|" + "---|" * len(names)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
