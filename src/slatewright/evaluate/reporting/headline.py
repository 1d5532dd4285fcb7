"""A report in a few sentences: what to conclude, most important first."""

from collections.abc import Iterator

from slatewright.data.report.wording import counted, percent
from slatewright.evaluate.diagnosis.slicing import worst
from slatewright.evaluate.diagnosis.verdict import verdict_of
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.provenance import not_passed, ranking
from slatewright.evaluate.reporting.contents import Report
from slatewright.evaluate.wording import number, title
from slatewright.metrics.bootstrap import Interval

MAIN = "ndcg"
FEW = 200  # users: below, intervals are wide and a week may look different


def headline(report: Report) -> Iterator[str]:
    """The sentences."""
    if report.evaluation.protocol.negatives:
        yield ranking(report.evaluation)
    yield _against_popularity(report)
    yield from _hits(report)
    yield from _alone(report)
    yield from _coverage(report)
    for one in worst(report.lost_users, sure=True)[:1]:
        said = f"their NDCG is {number(one.mean)}, that of the others {number(one.others)}"
        yield f"Of people, most is lost with {one.name} ({one.rows:,}): {said}."
    for one in worst(report.lost_items, sure=True)[:1]:
        said = f"{percent(one.mean)} of it had been offered, {percent(one.others)} of the rest"
        yield f"Of what was taken, most is missed in {one.name} ({one.rows:,}): {said}."
    for curve in report.curves:
        said = verdict_of(curve).sentence
        yield said if curve.estimator in said else f"{curve.estimator}: {said}"
    for name, epochs in report.epochs.items():
        if epochs.unfinished:
            yield f"{name}: {epochs.summary}. {epochs.advice}"
    if report.group.users < FEW:
        yield f"Only {counted(report.group.users, 'user')} judged: take small differences for chance."
    for finding in not_passed(report.evaluation):
        yield f"The audit has something to say: {finding.check}: {finding.reason}."


def _against_popularity(report: Report) -> str:
    ours, theirs = report.ours.metrics[MAIN], report.group.of(BASELINE).metrics[MAIN]
    lead, name = report.ours.lead[MAIN], title(MAIN, report.evaluation.k)
    said = f"{name} is {number(ours.value)} against {number(theirs.value)}"
    between = f"the difference lies between {number(lead.low)} and {number(lead.high)}"
    sure = f"{between} ({report.evaluation.level:.0%} interval, {counted(report.group.users, 'user')})."
    if lead.low > 0:
        times = f", {ours.value / theirs.value:.1f} times as much" if theirs.value > 0 else ""
        return f"{report.main} beats {BASELINE} for sure: {said}{times}, and {sure}"
    if lead.high < 0:
        return f"{report.main} does worse than {BASELINE} for sure: {said}, and {sure} Do not ship it."
    return f"{report.main} cannot be told apart from {BASELINE}: {said}, and {sure}"


def _hits(report: Report) -> Iterator[str]:
    ours, theirs = (one.metrics.get("hit_rate") for one in (report.ours, report.group.of(BASELINE)))
    if ours is not None and theirs is not None:
        places = counted(report.evaluation.k, "place")
        yield (
            f"Of 100 people, {_of_100(ours)} find something that they go on to take among their {places}; "
            f"with {BASELINE} {_of_100(theirs)} do."
        )


def _of_100(share: Interval) -> str:
    return f"{100 * share.value:.0f}" if share.value >= 0.01 or not share.value else "fewer than 1"


def _alone(report: Report) -> Iterator[str]:
    if report.alone is None:
        return
    name, lead = report.alone
    reach = f"between {number(lead.low)} and {number(lead.high)}"
    if lead.low > 0:
        yield f"{name} does better than {report.main} for sure, by {reach} in NDCG: what is mixed in costs accuracy."
    elif lead.high < 0:
        yield f"{report.main} is better than the best of the others, {name}, by {_turned(lead)} in NDCG."
    else:
        yield f"{name} cannot be told apart from {report.main} (difference {reach} in NDCG)."


def _turned(lead: Interval) -> str:
    return f"between {number(-lead.high)} and {number(-lead.low)}"


def _coverage(report: Report) -> Iterator[str]:
    ours, theirs = (one.metrics.get("coverage") for one in (report.ours, report.group.of(BASELINE)))
    if ours is not None and theirs is not None:
        said = f"{percent(ours.value)} of the catalogue to somebody, {BASELINE} {percent(theirs.value)}"
        yield f"{report.main} shows {said}."
