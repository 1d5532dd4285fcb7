"""A shop's evaluation, drawn as a page."""

from pathlib import Path

import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.errors import BadInput, BadKnob, NotThere
from slatewright.data.splits import GlobalTime, RollingWindows, SampledNegatives
from slatewright.evaluate.diagnosis.curves import DATA
from slatewright.lifecycle.evaluating import evaluate_shop
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.reporting import PAGE, USUAL_BY, View, report_bundle, report_shop
from slatewright.lifecycle.training import train
from slatewright.store.runs import Runs
from slatewright.store.shop import Shop
from slatewright.testing.worlds import START

from .towns import town

RECIPE = """
from slatewright.models import ALS, ItemKNN, Popularity
from slatewright.pipeline import ModelScore, ModelSource, Recipe
estimators = {"together": ItemKNN(), "taste": ALS(embedding_dim=4, epochs=2), "popular": Popularity()}
recipe = Recipe(estimators, (ModelSource("together"),), score=ModelScore("together"))
"""
CUT = GlobalTime(at="2024-02-10")
QUICK = View(k=5, curves=())


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The town of two tastes over 50 days."""
    return town(tmp_path, '[shop]\nname = "town"\n', RECIPE)


def test_the_numbers_are_those_of_an_evaluation_and_the_run_is_one(shop: Shop) -> None:
    recorder = Recorder(START, lambda: START + 1, lambda message: None)
    report, page = report_shop(shop, CUT, QUICK, recorder=recorder)
    assert report.evaluation == evaluate_shop(shop, CUT, k=5, by=USUAL_BY)
    assert page == shop.reports / PAGE
    text = page.read_text(encoding="utf-8")
    run = Runs(shop.runs).read("last")
    assert run.kind == "evaluate"
    assert f"slatewright reproduce {run.id}" in text
    assert "How good are the slates of town?" in text


def test_learning_curves_of_everything_that_learns(shop: Shop) -> None:
    report, _ = report_shop(shop, CUT, View(k=5, curves=(DATA, "epochs"), users=None))
    assert [(one.estimator, one.over) for one in report.curves] == [
        ("ItemKNN", "data"),
        ("ALS", "data"),
        ("ALS", "epochs"),
    ]
    assert report.samples == ()


def test_a_knob_that_nobody_has_is_refused_before_anything_is_fitted(shop: Shop) -> None:
    with pytest.raises(BadKnob, match=r"no estimator of the recipe has a number 'dropout' to turn; they have .*epochs"):
        report_shop(shop, CUT, View(curves=("dropout",)))
    assert not shop.reports.exists()


def test_a_user_who_is_not_judged_is_refused_before_anything_is_fitted(shop: Shop) -> None:
    with pytest.raises(NotThere, match="no test user 'ghost'"):
        report_shop(shop, CUT, View(k=5, users=("u006", "ghost")))
    assert not shop.reports.exists()
    report, _ = report_shop(shop, CUT, View(k=5, users=("u006",), curves=()))
    assert [one.who for one in report.samples] == ["User u006"]


def test_without_a_validation_part_it_is_said_that_curves_are_missing(shop: Shop) -> None:
    report, page = report_shop(shop, GlobalTime(at="2024-02-10", validation_share=0.0), View(k=5))
    assert report.curves == ()
    assert report.missing == ("There are no learning curves: validation_share is 0.",)
    assert report.missing[0] in page.read_text(encoding="utf-8")


def test_a_bundle_is_judged_as_it_is(shop: Shop) -> None:
    train(shop, now=START, as_of=START + 40 * DAY, promote=True)
    report, page = report_bundle(shop, None, View(k=5, users=("u006",)))
    assert report.evaluation.as_of == START + 40 * DAY
    assert "a bundle is judged as it is" in page.read_text(encoding="utf-8")
    with pytest.raises(NotThere, match="no test user 'ghost'"):
        report_bundle(shop, None, View(k=5, users=("ghost",)))


def test_of_several_windows_the_slates_are_of_the_last_one(shop: Shop) -> None:
    report, page = report_shop(shop, RollingWindows(windows=2, window_days=7), QUICK)
    assert len(report.evaluation.folds) == 2
    assert [one.by for one in report.breakdowns] == ["history_length", "popularity"]
    assert "Numbers of 2 folds together" in page.read_text(encoding="utf-8")


def test_sampled_negatives_are_labelled_first(shop: Shop) -> None:
    report, page = report_shop(shop, SampledNegatives(CUT, negatives=8), QUICK)
    assert report.main == "together alone"
    assert "SAMPLED NEGATIVES" in page.read_text(encoding="utf-8").split("<h2>Metrics")[0]


def test_an_empty_side_is_refused(shop: Shop) -> None:
    with pytest.raises(BadInput, match="must have events before it and after it"):
        report_shop(shop, GlobalTime(at="2030-01-01"), QUICK)
