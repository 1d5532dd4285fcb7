"""An evaluation as Markdown: every metric, with its interval and what it means."""

from collections.abc import Iterator

from slatewright.evaluate.audit import audit_line
from slatewright.evaluate.evaluation import Breakdown, Evaluation, Group, Measured
from slatewright.evaluate.provenance import MARKS, clicks_said, combined, fold_name, ranking, said_of_split, training
from slatewright.evaluate.wording import LEGEND, cell, meanings, metrics_in, title


def markdown(evaluation: Evaluation, *, level: int = 3) -> str:
    """One table per group, and one per metric of each breakdown; ``level`` is the depth of the headings."""
    parts = [f"{training(evaluation)} {ranking(evaluation)}"]
    parts += [said_of_split(evaluation)] if evaluation.protocol.knobs else []
    for group in evaluation.groups:
        heading = f"{'#' * level} {_capital(group.name)} ({group.users:,})"
        parts += [heading, group.meaning, "\n".join(_rows(group, evaluation.k))]
    for breakdown in evaluation.breakdowns:
        parts += _breakdown(breakdown, evaluation.k, level)
    parts += _folds(evaluation, level)
    if evaluation.ratings:
        heading = f"{'#' * level} {_capital(evaluation.ratings.name)} ({evaluation.ratings.users:,} users)"
        parts += [heading, evaluation.ratings.meaning, "\n".join(_rows(evaluation.ratings, evaluation.k))]
    parts += _clicks(evaluation, level)
    parts += _audit(evaluation, level)
    told = [*evaluation.groups, *([evaluation.ratings] if evaluation.ratings else [])]
    shown = dict.fromkeys(m for group in told for m in metrics_in(group.measured))
    shown |= {"ctr": None} if evaluation.clicks else {}
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


def _folds(evaluation: Evaluation, level: int) -> Iterator[str]:
    """Every metric of the first question, a row per fold."""
    if not evaluation.folds:
        return
    question = evaluation.groups[0].name
    told = [(fold, one) for fold in evaluation.folds for one in fold.groups if one.name == question]
    yield f"{'#' * level} By fold, {question}"
    yield combined(evaluation)
    for metric in metrics_in(evaluation.groups[0].measured):
        rows = [
            f"| {fold_name(evaluation, fold, one)} | " + " | ".join(cell(each, metric) for each in one.measured) + " |"
            for fold, one in told
        ]
        names = [one.name for one in evaluation.groups[0].measured]
        yield "\n".join([_header(title(metric, evaluation.k), names), *rows])


def _clicks(evaluation: Evaluation, level: int) -> Iterator[str]:
    """CTR of what was shown: everywhere, by surface, by variant."""
    if evaluation.clicks:
        heading, note, names = clicks_said(evaluation)
        yield f"{'#' * level} {heading}"
        yield note
        rates = [cell(Measured("", {"ctr": one.ctr}, {}), "ctr") for one in evaluation.clicks]
        rows = [f"| {name} | {rate} |" for name, rate in zip(names, rates, strict=True)]
        yield "\n".join([_header("", [title("ctr", evaluation.k)]), *rows])


def _audit(evaluation: Evaluation, level: int) -> Iterator[str]:
    if evaluation.audit:
        yield f"{'#' * level} Audit"
        yield audit_line(evaluation.audit).capitalize() + "."
        yield "\n".join(f"- {MARKS.get(one.outcome, one.outcome)}: {one}" for one in evaluation.audit)


def _header(first: str, names: list[str]) -> str:
    return f"| {first} | ".replace("  ", " ") + " | ".join(names) + " |\n|---|" + "---|" * len(names)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
