from dataclasses import replace
from pathlib import Path

import pytest

from slatewright.explain.four_stages import FourStages, four_stages
from slatewright.explain.stages_page import stages_page
from slatewright.explain.why import why_of
from slatewright.pipeline import MMR, AtLeast, Constraints, Pipeline, Request, TopK
from slatewright.pipeline.running import run
from slatewright.pipeline.slate import Outcome
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe
from tests.browsing import opened

SLATE = "Slate 42578769d26ac1f739b5f951398db1a8"


def pipeline() -> Pipeline:
    return Pipeline(town_recipe(orders=(TopK(), MMR(relevance=0.3))), town_pipeline().world)


def answer(k: int = 12) -> Outcome:
    town = pipeline()
    return run(town.stages, town.query(Request(k, AS_OF, "u000", surface="home")))


def told(outcome: Outcome) -> FourStages:
    return four_stages(pipeline(), outcome)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1400, 390])
def test_the_four_stages_stand_side_by_side_or_below_each_other(chromium: str, tmp_path: Path, width: int) -> None:
    outcome = answer()
    item_id = pipeline().world.catalogue.items.name(int(outcome.items[4]))
    html = stages_page(told(outcome), SLATE, about=why_of(pipeline(), outcome, item_id), link=lambda one: f"#{one}")
    with opened(chromium, tmp_path / "page.html", html, width=width) as page:
        heads = page.locator(".stages > section > h2")
        assert heads.all_inner_texts() == ["1 · Sources", "2 · Filters", "3 · Score", "4 · Order"]
        boxes = [heads.nth(at).bounding_box() or {} for at in range(4)]
        assert len({round(box["y"]) for box in boxes}) == (1 if width > 1050 else 4)
        assert page.locator("ol.slate > li").count() == 12
        asked = page.locator("li.asked")
        assert asked.count() >= 3  # in a source, among the marks, in the order
        assert asked.locator("visible=true").count() == asked.count()  # also where it stood far down a list
        assert page.locator("meter").count() == len(told(outcome).marked)
        assert "position 5" in page.locator("main > section h2").first.inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_small_chances_are_told_with_their_digits_and_parts_of_nothing_are_not() -> None:
    known = told(answer(3))
    chances = tuple(replace(one, mark=0.0149, parts={"taste": 0.0031, "rule": 0.0}) for one in known.marked)
    html = stages_page(replace(known, marked=chances), SLATE)
    assert "</meter> 0.0149" in html
    assert "<small>taste +0.0031</small>" in html


def test_what_a_shop_calls_its_things_is_text() -> None:
    outcome = answer(3)
    html = stages_page(told(outcome), "Slate <b>", link=lambda item_id: f'/slates?item="{item_id}"&x')
    assert "Slate &lt;b&gt;" in html
    assert 'href="/slates?item=&quot;' in html
    assert "<script" not in html


def test_a_rule_that_could_not_hold_is_told() -> None:
    orders = (TopK(), Constraints((AtLeast(2, "id == 'i000'"),)))
    town = Pipeline(town_recipe(orders=orders), pipeline().world)
    html = stages_page(four_stages(town, run(town.stages, town.query(Request(3, AS_OF, "u001")))), "Slate")
    assert "Not every rule could hold" in html
    assert "cannot hold over these" in html
    assert "Something broke" not in html


def test_an_empty_answer_is_told_too() -> None:
    town = pipeline()
    request = Request(3, AS_OF, "nobody", categories=frozenset())
    html = stages_page(four_stages(town, run(town.stages, town.query(request))), "Slate")
    assert "Nothing was shown." in html
    assert "Nothing was known." in html
