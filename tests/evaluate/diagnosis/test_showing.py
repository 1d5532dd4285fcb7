"""A diagnosis as sentences, as tables, as Markdown and as a page."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from slatewright.evaluate.diagnosis.diagnosis import Diagnosis
from slatewright.evaluate.diagnosis.markdown import markdown
from slatewright.evaluate.diagnosis.page import render_html
from slatewright.evaluate.diagnosis.saying import heading, sentences
from slatewright.evaluate.diagnosis.table import tables
from slatewright.evaluate.diagnosis.verdict import Fit
from tests.browsing import opened

from .test_diagnosing import BY_HEART, STARS
from .test_drawing import group

EVIL = '<script>alert("1")</script>&|'


def said(found: Diagnosis) -> str:
    return "\n".join(sentences(found))


def test_the_verdict_comes_first_with_the_knob_to_turn() -> None:
    assert heading(BY_HEART) == "taste (ALS): over-fitting: turn reg up"
    assert said(BY_HEART).startswith("ALS over-fits at reg 0.0001")
    assert "Turn: raise reg, or lower epochs, or lower embedding_dim." in said(BY_HEART)


def test_only_the_first_advice_is_given_in_full() -> None:
    (reading,) = BY_HEART.readings
    other = replace(reading, verdict=replace(reading.verdict, fit=Fit.UNDER, knobs=(("epochs", 1),)))
    assert said(replace(BY_HEART, readings=(reading, other))).count("Turn:") == 1


def test_curves_without_a_better_place_are_one_sentence() -> None:
    (reading,) = BY_HEART.readings
    level = replace(reading, verdict=replace(reading.verdict, fit=Fit.GOOD, knobs=()))
    epochs = replace(level, curve=replace(level.curve, over="epochs"))
    found = replace(BY_HEART, readings=(level, epochs))
    assert said(found).startswith("It stands well by reg and epochs: no other value is clearly better.")
    assert found.verdict == "well fitted"
    assert found.chief is None


def test_who_is_badly_served_is_named_or_nobody() -> None:
    found = replace(BY_HEART, user_groups=(group("NL", -0.4), group("DE", -0.1, real=False)))
    assert "Badly served: country: NL (50 users, NDCG@20 .2000, all others .6000)." in said(found)
    assert "country: DE" not in said(found)
    assert "No group of users is served worse than the others for sure." in said(replace(found, user_groups=()))


def test_the_under_served_segment_of_ratings_is_named() -> None:
    assert re.search(
        r"Under-served: (country: NL, shelf: wine|shelf: wine, country: NL) is foretold 0\.\d+ too high", said(STARS)
    )


@pytest.mark.parametrize("found", [BY_HEART, STARS], ids=["lists", "ratings"])
def test_the_tables_fit_eighty_columns(found: Diagnosis) -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    for part in tables(found):
        console.print(part)
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    assert text.startswith(heading(found))


def test_markdown_has_every_point_and_no_broken_table() -> None:
    text = markdown(replace(STARS, user_groups=(group(EVIL, -0.4),)))
    assert text.startswith("# stars (BiasedMF): ")
    assert "| reg | RMSE, training | RMSE, validation | |" in text
    assert text.count("| now |") + text.count("| now, best |") == 2
    assert "&\\|" in text


def test_plain_data_is_json() -> None:
    kept = json.loads(json.dumps(STARS.as_dict()))
    assert kept["verdict"] == STARS.verdict
    assert kept["curves"][0]["fit"] in {one.value for one in Fit}
    assert kept["ratings"]["biases"][0]["group"]["labels"]
    assert json.loads(json.dumps(STARS.numbers()))["rmse"] == STARS.ratings.rmse  # type: ignore[union-attr]


def test_the_page_has_every_part_and_needs_nothing_else() -> None:
    page = render_html(STARS, shop="a & b")
    assert "<h1>stars of a &amp; b, diagnosed</h1>" in page
    for part in ("Learning curve: reg", "Learning curve: data", "Residuals of ratings", "What the data lets it hear"):
        assert f"<h2>{part}</h2>" in page
    assert not re.search(r"(src|href)=\"http", page)
    assert render_html(STARS, shop="a & b") == page
    assert "Whom it fails" not in render_html(replace(STARS, user_groups=()), shop="a")
    assert "Residuals" not in render_html(BY_HEART, shop="a")


def test_what_the_data_says_is_text_everywhere() -> None:
    page = render_html(replace(STARS, name=EVIL, user_groups=(group(EVIL, -0.4),)), shop=EVIL)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 4


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 390])
def test_a_browser_shows_it_whole_and_asks_nobody(chromium: str, tmp_path: Path, width: int) -> None:
    html = render_html(replace(STARS, user_groups=(group(EVIL * 3, -0.4),)), shop="town")
    with opened(chromium, tmp_path / "diagnosis.html", html, width=width) as page:
        drawn = page.locator("figure svg").count()
        page.click("summary >> nth=0")
        assert page.locator("details[open] table").is_visible()
    assert STARS.ratings is not None
    assert drawn == 2 + 2 + 1 + len(STARS.ratings.trends) + 1  # curves, groups, biases, trends, classes
