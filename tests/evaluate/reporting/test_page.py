"""The page: whole, safe, readable, and of a bounded size."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import pytest

from slatewright.evaluate import Evaluation, Finding
from slatewright.evaluate.reporting import Report, render_html
from slatewright.evaluate.reporting.sections import sections
from tests.browsing import opened

from .worlds import EVIL, report_of

SECTIONS = ["metrics", "slices", "tradeoffs", "curves", "epochs", "residuals", "popularity", "slates", "made"]


def evil_report() -> Report:
    """Titles, shop, command and notes try to get out of the text; so do a segment and the audit."""
    report = report_of(EVIL, ratings=True)
    found: Evaluation = report.evaluation
    breakdown, *others = found.breakdowns
    groups = tuple(replace(one, name=EVIL) for one in breakdown.groups)
    finding = Finding("time", "warned", EVIL, examples=("u001",))
    changed = replace(found, breakdowns=(replace(breakdown, by=EVIL, groups=groups), *others), audit=(finding,))
    return replace(report, evaluation=changed)


class Tags(HTMLParser):
    """What is in a page, and what it points to."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.references += [value for name, value in attrs if name in ("src", "href", "xlink:href") and value]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def tags_of(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    return tags


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    page = render_html(evil_report())
    tags = tags_of(page)
    assert not {"script", "img", "link", "iframe", "object"} & set(tags.seen)
    assert tags.handlers == []
    assert all(reference.startswith("#") for reference in tags.references)
    assert {reference[1:] for reference in tags.references} <= set(tags.ids)
    assert "default-src 'none'" in page
    assert "https:" not in page


def test_what_the_data_says_is_text_everywhere() -> None:
    page = render_html(evil_report())
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 20


def test_every_section_is_there_and_can_be_reached() -> None:
    report = evil_report()
    assert [one.anchor for one in sections(report)] == SECTIONS
    page = render_html(report)
    assert all(f'<a href="#{anchor}">' in page for anchor in SECTIONS)
    for text in ("NDCG@5", "blunt", "had before", "slatewright reproduce 20240101T000000-evaluate", "RMSE", "top 1%"):
        assert text.lower() in page.lower()


def test_what_there_is_nothing_to_say_of_is_left_out() -> None:
    bare = replace(report_of(), curves=(), epochs={}, samples=(), lost_users=(), lost_items=())
    bare = replace(bare, evaluation=replace(bare.evaluation, breakdowns=()))
    assert [one.anchor for one in sections(bare)] == ["metrics", "tradeoffs", "popularity", "made"]


def test_people_are_not_named_unless_they_were_asked_for() -> None:
    report = report_of()
    unnamed = render_html(replace(report, made=report.made._replace(command="slatewright report")))
    assert not re.search(r"\bu\d{3}\b", unnamed)
    assert "u001" not in render_html(evil_report())  # nor by the examples of the audit


def test_every_picture_says_what_it_shows_and_every_table_has_heads() -> None:
    page = render_html(evil_report())
    assert page.count("<svg") == page.count('role="img" aria-label="')
    assert 'aria-label=""' not in page
    assert page.count("<table>") == page.count("<thead>")


def test_the_same_report_is_the_same_page() -> None:
    assert render_html(report_of()) == render_html(report_of())


def test_a_page_stays_small_whatever_the_titles() -> None:
    assert len(render_html(report_of("y" * 1_000_000))) < 1_000_000


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 1200), ("light", 390)])
def test_a_browser_shows_it_whole_in_light_and_dark_and_on_a_phone(
    chromium: str, tmp_path: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    with opened(chromium, tmp_path / "report.html", render_html(evil_report()), width=width, scheme=scheme) as page:
        page.click("a[href='#slates']")
        reached = page.evaluate("document.querySelector('#slates').getBoundingClientRect().top")
        page.click("#metrics summary")
        assert page.locator("details[open] table").first.is_visible()
        hits = page.locator("li.hit").count()
    assert abs(reached) < 100
    assert hits > 0
