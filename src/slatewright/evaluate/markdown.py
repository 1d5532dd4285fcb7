"""An evaluation as Markdown: every metric, with its interval and what it means."""

from collections.abc import Iterator

from slatewright.evaluate.audit import audit_line
from slatewright.evaluate.evaluation import Breakdown, Evaluation, Group, Measured
from slatewright.evaluate.markdown_table import markdown_table
from slatewright.evaluate.provenance import MARKS, clicks_said, combined, fold_name, ranking, said_of_split, training
from slatewright.evaluate.wording import LEGEND, cell, meanings, metrics_in, title


def markdown(evaluation: Evaluation, *, level: int = 3) -> str:
    """One table per group, and one per metric of each breakdown; ``level`` is the depth of the headings."""
    parts = [f"{training(evaluation)} {ranking(evaluation)}"]
    parts += [said_of_split(evaluation)] if evaluation.protocol.knobs else []
    for group in evaluation.groups:
        heading = f"{'#' * level} {_capital(group.name)} ({group.users:,})"
        parts += [heading, group.meaning, _table(group, evaluation.k)]
    for breakdown in evaluation.breakdowns:
        parts += _breakdown(breakdown, evaluation.k, level)
    parts += _folds(evaluation, level)
    parts += _ratings(evaluation, level)
    parts += _clicks(evaluation, level)
    parts += _audit(evaluation, level)
    told = [*evaluation.groups, *([evaluation.ratings] if evaluation.ratings else [])]
    shown = dict.fromkeys(m for group in told for m in metrics_in(group.measured))
    shown |= {"ctr": None} if evaluation.clicks else {}
    parts += ["\n".join(f"- {meaning}" for meaning in meanings(shown)), LEGEND.format(level=evaluation.level)]
    return "\n\n".join(parts) + "\n"


def _table(group: Group, k: int) -> str:
    rows = [[title(metric, k), *(cell(one, metric) for one in group.measured)] for metric in metrics_in(group.measured)]
    return markdown_table(["", *(one.name for one in group.measured)], rows)


def _breakdown(breakdown: Breakdown, k: int, level: int) -> Iterator[str]:
    yield f"{'#' * level} By {breakdown.by} of {breakdown.of}"
    yield f"{_capital(breakdown.question)}; in brackets behind a segment: how many of them."
    for metric in metrics_in(one for group in breakdown.groups for one in group.measured):
        rows = [
            [f"{group.name} ({group.users:,})", group.meaning, *(cell(one, metric) for one in group.measured)]
            for group in breakdown.groups
        ]
        yield markdown_table([title(metric, k), "", *(one.name for one in breakdown.groups[0].measured)], rows)


def _folds(evaluation: Evaluation, level: int) -> Iterator[str]:
    """Every metric of the first question, a row per fold."""
    if not evaluation.folds:
        return
    question = evaluation.groups[0].name
    told = [(fold, one) for fold in evaluation.folds for one in fold.groups if one.name == question]
    yield f"{'#' * level} By fold, {question}"
    yield combined(evaluation)
    names = [one.name for one in evaluation.groups[0].measured]
    for metric in metrics_in(evaluation.groups[0].measured):
        rows = [
            [fold_name(evaluation, fold, one), *(cell(each, metric) for each in one.measured)] for fold, one in told
        ]
        yield markdown_table([title(metric, evaluation.k), *names], rows)


def _ratings(evaluation: Evaluation, level: int) -> Iterator[str]:
    """How far foretold ratings are off."""
    if (ratings := evaluation.ratings) is not None:
        yield f"{'#' * level} {_capital(ratings.name)} ({ratings.users:,} users)"
        yield ratings.meaning
        yield _table(ratings, evaluation.k)


def _clicks(evaluation: Evaluation, level: int) -> Iterator[str]:
    """CTR of what was shown: everywhere, by surface, by variant."""
    if evaluation.clicks:
        heading, note, names = clicks_said(evaluation)
        yield f"{'#' * level} {heading}"
        yield note
        rates = [cell(Measured("", {"ctr": one.ctr}, {}), "ctr") for one in evaluation.clicks]
        yield markdown_table(["", title("ctr", evaluation.k)], zip(names, rates, strict=True))


def _audit(evaluation: Evaluation, level: int) -> Iterator[str]:
    if evaluation.audit:
        yield f"{'#' * level} Audit"
        yield audit_line(evaluation.audit).capitalize() + "."
        yield "\n".join(f"- {MARKS.get(one.outcome, one.outcome)}: {one}" for one in evaluation.audit)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
