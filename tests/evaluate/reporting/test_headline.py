from dataclasses import replace

from slatewright.data.splits import Protocol
from slatewright.evaluate import Finding
from slatewright.evaluate.evaluation import Evaluation, Group, Measured
from slatewright.evaluate.reporting import Report
from slatewright.evaluate.reporting.headline import headline
from slatewright.metrics.bootstrap import Interval
from slatewright.models.neural.epochs import EpochCurve

from .worlds import report_of

REPORT = report_of()


def said(report: Report) -> str:
    return " ".join(headline(report))


def leading(value: float, low: float, high: float) -> Report:
    """The same report with another lead over popularity."""
    (first, *others) = REPORT.evaluation.groups
    ours = first.of("pipeline")
    changed = replace(ours, lead={**ours.lead, "ndcg": Interval(value, low, high)})
    measured: tuple[Measured, ...] = tuple(changed if one is ours else one for one in first.measured)
    groups: tuple[Group, ...] = (replace(first, measured=measured), *others)
    evaluation: Evaluation = replace(REPORT.evaluation, groups=groups)
    return replace(REPORT, evaluation=evaluation)


def test_the_first_sentence_is_about_popularity() -> None:
    assert said(leading(0.2, 0.1, 0.3)).startswith("pipeline beats popularity for sure: NDCG@5 is ")
    assert "the difference lies between .1000 and .3000 (95% interval" in said(leading(0.2, 0.1, 0.3))
    assert "Do not ship it." in said(leading(-0.2, -0.3, -0.1))
    assert "cannot be told apart from popularity" in said(leading(0.0, -0.1, 0.1))


def test_the_best_of_the_others_is_told_apart_or_not() -> None:
    assert "blunt does better than pipeline for sure, by between .0100 and .0300 in NDCG" in said(
        replace(REPORT, alone=("blunt", Interval(0.02, 0.01, 0.03)))
    )
    assert "better than the best of the others, blunt, by between .0100 and .0300" in said(
        replace(REPORT, alone=("blunt", Interval(-0.02, -0.03, -0.01)))
    )
    assert "blunt cannot be told apart from pipeline" in said(replace(REPORT, alone=("blunt", Interval(0, -0.1, 0.1))))
    assert "blunt" not in said(replace(REPORT, alone=None))


def test_people_are_counted_of_a_hundred_and_few_are_said_to_be_few() -> None:
    assert "Of 100 people, " in said(REPORT)
    assert f"Only {REPORT.group.users} users judged" in said(REPORT)


def test_a_training_that_ended_at_its_best_is_told() -> None:
    assert "more epochs may help" not in said(REPORT)
    rising = {"net": EpochCurve((0.7, 0.5), (0.1, 0.2))}
    assert "net: 2 epochs, loss 0.7 to 0.5, best validation 0.2 in epoch 2. The last epoch was the best" in said(
        replace(REPORT, epochs=rising)
    )


def test_warnings_come_along() -> None:
    found = Finding("time", "warned", "this leaks by construction")
    assert "time: this leaks by construction" in said(
        replace(REPORT, evaluation=replace(REPORT.evaluation, audit=(found,)))
    )
    sampled = Protocol("x", "y", negatives=20, drawn="uniform")
    flattered = replace(REPORT, evaluation=replace(REPORT.evaluation, protocol=sampled))
    assert said(flattered).startswith("SAMPLED NEGATIVES")
