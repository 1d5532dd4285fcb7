"""What a search says of itself: sentences, table, page, plain data."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from rich.console import Console

from slatewright.evaluate.tuning import Tuned, tune
from slatewright.evaluate.tuning.report import as_dict, best_trials, progress_table, render_html, sentences, verdict
from slatewright.metrics.bootstrap import Interval
from tests.browsing import opened

from ..test_tuning import ONLY_REG, QUICK
from ..worlds import FOLD, TOWN, Peak


@pytest.fixture(scope="module")
def tuned() -> Tuned:
    space = {"reg": (0.01, 100.0), "weighting": ["fine", "raise"]}
    return tune(Peak(), FOLD, objective=("ndcg", "coverage"), space=space, search=replace(QUICK, trials=25))


def printed(thing: object) -> str:
    console = Console(width=200, record=True, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115
    console.print(thing)
    console.file.close()
    return console.export_text()


def test_the_page_has_every_part_and_needs_nothing_else(tuned: Tuned) -> None:
    page = render_html(tuned, tuned.look_at_test(), shop="a < b", model="peak")
    for part in ("Into the recipe", "The test part", "Trial by trial", "One against the other", "Knob by knob"):
        assert f"<h2>{part}</h2>" in page
    assert "peak of a &lt; b, tuned" in page
    assert "ZeroDivisionError: a bug" in page
    assert not re.search(r"(src|href)=\"http", page)
    assert render_html(tuned, None, shop="a", model="b") == render_html(tuned, None, shop="a", model="b")


def test_sentences_name_the_best_the_look_and_how_trials_ended(tuned: Tuned) -> None:
    text = "\n".join(sentences(tuned, tuned.look_at_test()))
    assert f"Trial {tuned.best.number} is the best on validation data" in text
    assert "The test part was looked at once, now." in text
    assert "25 trials:" in text
    assert " failed" in text
    second = replace(tuned.look_at_test(), nth=2)
    assert "Look number 2 at this test part" in "\n".join(sentences(tuned, second))


@pytest.mark.parametrize(
    ("low", "high", "said", "conclusion"),
    [
        (0.01, 0.03, "better", "better for sure."),
        (-0.03, -0.01, "worse", "worse for sure. Leave the recipe as it is"),
        (-0.01, 0.03, "unsure", "which may be chance."),
    ],
)
def test_the_test_part_has_the_last_word(tuned: Tuned, low: float, high: float, said: str, conclusion: str) -> None:
    look = replace(tuned.look_at_test(), gain={"ndcg": Interval((low + high) / 2, low, high)})
    assert verdict(tuned, look) == said
    assert conclusion in "\n".join(sentences(tuned, look))
    page = render_html(tuned, look, shop="a", model="b")
    assert ("<h2>Into the recipe</h2>" in page) is (said != "worse")


def test_the_first_that_failed_is_named_with_its_reason(tuned: Tuned) -> None:
    first = next(trial for trial in tuned.trials if trial.state == "failed")
    text = "\n".join(sentences(tuned, None))
    assert f"The first that failed, trial {first.number}: ZeroDivisionError: a bug." in text


def test_a_best_value_at_the_end_of_its_range_is_pointed_out() -> None:
    narrow = tune(Peak(), FOLD, space={"reg": (20.0, 90.0)}, search=replace(QUICK, trials=20))
    assert narrow.best.usual or "reg is best at the low end of its range" in "\n".join(sentences(narrow, None))
    same = tune(Peak(reg=1.0), FOLD, space={"reg": (60.0, 90.0)}, search=QUICK)
    assert "no trial was better than the estimator as it is" in "\n".join(sentences(same, None))


def test_the_tables_show_the_front_and_how_far_the_search_is(tuned: Tuned) -> None:
    text = printed(best_trials(tuned))
    assert all(f"{trial.number}" in text for trial in tuned.pareto)
    assert "Peak(" in text
    going = printed(progress_table({one.number: one for one in tuned.trials}, tuned.setup.objectives, 25))
    assert "25 of 25 trials" in going


def test_plain_data_is_json_with_every_trial(tuned: Tuned) -> None:
    kept = json.loads(json.dumps(as_dict(tuned, tuned.look_at_test())))
    assert [one["number"] for one in kept["trials"]] == list(range(25))
    assert kept["best"] == tuned.line
    assert kept["test"]["nth"] == 1
    assert as_dict(tune(TOWN, FOLD, space=ONLY_REG, search=QUICK), None)["test"] is None


def test_where_nothing_was_better_no_line_is_given_and_nothing_is_held_against_itself() -> None:
    same = tune(Peak(reg=1.0), FOLD, space={"reg": (60.0, 90.0)}, search=QUICK)
    page = render_html(same, same.look_at_test(), shop="a", model="b")
    assert "<h2>Into the recipe</h2>" not in page
    assert "tuned less as it was" not in page


@pytest.mark.parametrize(
    ("objectives", "better"), [(("ndcg", "recall"), "both"), (("ndcg", "recall", "mrr"), "everything")]
)
def test_the_front_is_told_of_as_many_objectives_as_there_are(objectives: tuple[str, ...], better: str) -> None:
    several = tune(Peak(), FOLD, objective=objectives, space=ONLY_REG, search=replace(QUICK, trials=3))
    page = render_html(several, None, shop="town", model="peak")
    assert f"No other trial is better in {better} than those on the line." in page


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 390)])
def test_a_browser_shows_it_whole_and_asks_nobody(
    tuned: Tuned, chromium: str, tmp_path: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    html = render_html(tuned, tuned.look_at_test(), shop="town", model="peak")
    with opened(chromium, tmp_path / "tuning.html", html, width=width, scheme=scheme) as page:
        drawn = page.locator("figure svg").count()
        page.click("summary")
        rows = page.locator("details[open] tbody tr").count()
    assert rows == len(tuned.trials)
    assert drawn == 3 + bool(tuned.importance) + len(tuned.setup.space)  # history, front, budgets; knobs
