"""The sections of a report, each a card with pictures and the tables behind them."""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from slatewright.data.report.markup import Cell, bullets, folded_away, plot, section, table
from slatewright.data.report.wording import counted, number, percent
from slatewright.evaluate.diagnosis.diagnosis import MOST_GROUPS, RatingsDiagnosis
from slatewright.evaluate.diagnosis.drawing import biases_picture, curve_picture, slices_picture, trend_picture
from slatewright.evaluate.diagnosis.rows import BIASES, GROUPS, bias_rows, group_rows
from slatewright.evaluate.diagnosis.verdict import verdict_of
from slatewright.evaluate.evaluation import Breakdown, Group
from slatewright.evaluate.reporting import pictures
from slatewright.evaluate.reporting.by_epoch import by_epoch
from slatewright.evaluate.reporting.contents import Report
from slatewright.evaluate.reporting.making import made_of
from slatewright.evaluate.reporting.side_by_side import side_by_side
from slatewright.evaluate.wording import cell, meanings, metrics_in, short, title

PICTURED = ("ndcg", "recall", "hit_rate", "coverage")
BESIDE = ("coverage", "novelty", "diversity", "taste_diversity", "tail_share")  # what accuracy is held against
OTHERWISE, PANELS = "taste_diversity", 4  # said of diversity where no item has a category
UP, FOUND = "ndcg", "recall"


class Section(NamedTuple):
    """One card: where links point to, its name among the contents, the card."""

    anchor: str
    name: str
    markup: str


def sections(report: Report) -> Iterator[Section]:
    """The cards in order; what there is nothing to say of is left out."""
    yield Section("metrics", "Metrics", _metrics(report))
    if report.lost_users or report.lost_items or report.breakdowns:
        yield Section("slices", "Whom it fails", _slices(report))
    yield Section("tradeoffs", "Accuracy and variety", _tradeoffs(report))
    if report.curves:
        yield Section("curves", "Learning curves", _curves(report))
    if report.epochs:
        yield Section("epochs", "Training by epoch", by_epoch(report))
    if report.ratings:
        yield Section("residuals", "Residuals of ratings", _residuals(report))
    yield Section("popularity", "Popularity", _popularity(report))
    if report.samples:
        yield Section("slates", "Slates side by side", side_by_side(report))
    yield Section("made", "How it was made", made_of(report))


def _metrics(report: Report) -> str:
    group, k = report.group, report.evaluation.k
    shown = [metric for metric in PICTURED if any(metric in one.metrics for one in group.measured)]
    drawn = [plot(pictures.metric_picture(group, metric, k)) for metric in shown]
    lead = f"{group.meaning} Points are values, bars intervals; grey cannot be told apart from popularity."
    others = (
        folded_away(f"Every metric: {one.name}, {number(one.users)}", _every_metric(one, k))
        for one in report.evaluation.groups
    )
    return section("Metrics", lead, _grid(drawn), *others)


def _every_metric(group: Group, k: int) -> str:
    metrics = metrics_in(group.measured)
    rows = [(title(metric, k), *(cell(one, metric) for one in group.measured)) for metric in metrics]
    heads = ("metric", *(one.name for one in group.measured))
    return f"<p>{escape(group.meaning)}</p>" + table(heads, rows) + bullets(meanings(metrics))


def _slices(report: Report) -> str:
    lead = (
        "Groups by what is lost there: how much more there would be in sum if the group fared as all others do. "
        "Grey ones may be chance; all are corrected for."
    )
    parts = []
    for what, groups, unit in (
        (f"Groups of users, by NDCG of {report.main}", report.lost_users, "NDCG"),
        (f"Groups of things that were taken, by whether {report.main} had offered them", report.lost_items, "hits"),
    ):
        if rows := list(group_rows(groups, MOST_GROUPS)):
            every = folded_away("The groups as a table", table(GROUPS, rows))
            says = "" if any(one.real and one.lost > 0 for one in groups) else "None of them fares worse for sure."
            parts += [_heading(what), plot(slices_picture(groups, unit), says), every]
    for breakdown in report.breakdowns:
        parts += [_heading(f"By {breakdown.by} of {breakdown.of}"), *_segments(report, breakdown)]
    return section("Whom it fails", lead, *parts)


def _segments(report: Report, breakdown: Breakdown) -> Iterator[str]:
    k = report.evaluation.k
    yield plot(pictures.segments_picture(breakdown, report.main, FOUND, k))
    metrics = [metric for metric in (UP, FOUND, "exposure") if metric in metrics_in(breakdown.groups[0].measured)]
    for metric in metrics:
        rows: list[list[Cell]] = [
            [one.name, one.users, *(cell(each, metric) for each in one.measured), one.meaning]
            for one in breakdown.groups
        ]
        heads = ("segment", "users", *(one.name for one in breakdown.groups[0].measured), "")
        yield folded_away(f"{title(metric, k)} of each segment", table(heads, rows))


def _tradeoffs(report: Report) -> str:
    group, k = report.group, report.evaluation.k
    told = [metric for metric in BESIDE if sum(metric in one.metrics for one in group.measured) > 1]
    known = [metric for metric in told if metric != OTHERWISE or len(told) <= PANELS]
    drawn = [plot(pictures.tradeoff_picture(group, metric, UP, k)) for metric in known]
    lead = (
        "What is found, upwards, against what is shown: how much of the catalogue, how unknown, how different from "
        "each other, how much of the long tail. Up and to the right is both."
    )
    return section("Accuracy against variety", lead, _grid(drawn), bullets(meanings(known)))


def _curves(report: Report) -> str:
    lead = "Models fitted again and again, judged on what they learned and what they did not, before the test part."
    parts = []
    for curve in report.curves:
        caption = f"{verdict_of(curve).sentence} {counted(curve.users, 'user')}."
        parts += [_heading(f"{curve.estimator} by {curve.over}"), plot(curve_picture(curve), caption)]
    return section("Learning curves", lead, *parts)


def _residuals(report: Report) -> str:
    lead = "What people said minus what was predicted. A good model is off by chance only: every line lies on zero."
    return section(
        "Residuals of ratings", lead, *(part for one in report.ratings.items() for part in _of_ratings(*one))
    )


def _of_ratings(name: str, found: RatingsDiagnosis) -> Iterator[str]:
    yield _heading(f"{name}: RMSE {short(found.rmse)}, {counted(found.ratings, 'rating')}")
    yield _grid([plot(trend_picture(one)) for one in found.trends])
    if found.biases:
        caption = "Violet groups are under-served: their ratings are also further off than those of others."
        yield plot(biases_picture(found.biases), caption)
        yield folded_away("The groups as a table", table(BIASES, bias_rows(found.biases, MOST_GROUPS)))


def _popularity(report: Report) -> str:
    mix = report.mix
    lead = (
        f"The {mix.bands[0]} of the items by popularity get {percent(mix.offered[report.main][0])} of the places of "
        f"{report.main}; they are {percent(mix.taken[0])} of what the same users then took."
    )
    rows = [
        (band, *(percent(shares[at]) for shares in (mix.catalogue, mix.taken, *mix.offered.values())))
        for at, band in enumerate(mix.bands)
    ]
    heads = ("items", "of the catalogue", "then taken", *(f"offered: {name}" for name in mix.offered))
    picture = plot(pictures.mix_picture(mix, report.main))
    return section(
        "Popularity of what is offered and what is taken",
        lead,
        picture,
        folded_away("The shares as a table", table(heads, rows)),
    )


def _grid(parts: list[str]) -> str:
    return f'<div class="grid">{"".join(parts)}</div>'


def _heading(text: str) -> str:
    return f"<h3>{escape(text)}</h3>"
