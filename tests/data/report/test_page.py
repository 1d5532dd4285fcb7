import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import polars as pl
import pytest

from slatewright.core.arrays import Frame
from slatewright.data.cleaning import StepCount
from slatewright.data.report import DataReport, describe, render_html
from tests.browsing import opened

from .making import shop_events

EVIL = '<script>alert("1")</script>&'


@dataclass
class Account:
    """What an import says of itself."""

    read: int = 20
    kept: int = 11
    merged: int = 4
    quarantined: int = 5
    steps: tuple[StepCount, ...] = (StepCount("robots", "quarantined", 5, EVIL), StepCount("no kind", "quarantined", 0))
    labels: Frame = field(default_factory=lambda: pl.DataFrame({"label": [EVIL], "merged_into": ["mug"], "rows": [3]}))


def evil_report() -> DataReport:
    events = shop_events().with_columns(pl.col("kind").replace("view", EVIL), pl.col("item_id").replace("mug", EVIL))
    titles = pl.DataFrame({"item_id": [EVIL, "cup"], "title": [EVIL, "A cup"]})
    report = describe(events, Account(), name=EVIL, item_facts=titles)
    return replace(report, suspects=report.top)


class Tags(HTMLParser):
    """Collects tags and what they refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "path", "use", "i", "li", "rect"):
            self.open.append(tag)
        self.references += [value for name, value in attrs if name in ("src", "href", "xlink:href") and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.references += [value for name, value in attrs if name in ("src", "href", "xlink:href") and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            assert self.open.pop() == tag


def tags_of(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    return tags


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    tags = tags_of(render_html(evil_report()))
    assert "script" not in tags.seen
    assert "img" not in tags.seen
    assert "link" not in tags.seen
    assert all(reference.startswith("#") for reference in tags.references)
    assert tags.open == []
    assert tags.seen.count("svg") == 6


def test_what_the_data_says_is_text_everywhere() -> None:
    page = render_html(evil_report())
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 5


def test_the_page_says_where_every_row_went() -> None:
    page = render_html(describe(shop_events(), Account()))
    for text in ("20 rows read = kept + merged + quarantined.", "kept 11 (55\u00a0%)", "quarantined 5 (25\u00a0%)"):
        assert text in page
    assert "1 label merged" in page
    assert "Nothing to do for: no kind." in page
    assert "Cleaning" not in render_html(describe(shop_events()))


def test_the_same_report_is_the_same_page() -> None:
    assert render_html(describe(shop_events())) == render_html(describe(shop_events()))


def test_a_single_event_makes_a_page() -> None:
    page = render_html(describe(shop_events().head(1)))
    assert "1 January 2024 to 1 January 2024" in page
    assert "The week" not in page  # one hour of one day is no week


def test_a_long_list_of_merges_is_cut_and_counted() -> None:
    labels = pl.DataFrame({"label": [f"a{at} " for at in range(450)], "merged_into": "a", "rows": 1})
    page = render_html(describe(shop_events(), Account(labels=labels)))
    assert "450 labels merged" in page
    assert "and 250 more" in page


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 1200), ("light", 390)])
def test_a_browser_shows_it_whole_in_light_and_dark_and_on_a_phone(
    chromium: str, tmp_path: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    with opened(chromium, tmp_path / "check.html", render_html(evil_report()), width=width, scheme=scheme) as page:
        paper, ink = (page.evaluate(f"getComputedStyle(document.body).{what}") for what in ("backgroundColor", "color"))
        svg_ink = page.evaluate("getComputedStyle(document.querySelector('svg text[style*=ink]')).fill")
        page.click("summary")
        assert page.locator("details[open] table").is_visible()
    assert (brightness(paper) > brightness(ink)) is (scheme == "light")
    assert svg_ink == ink


def brightness(color: str) -> int:
    """Of ``rgb(1, 2, 3)``."""
    return sum(int(part) for part in re.findall("[0-9]+", color)[:3])
