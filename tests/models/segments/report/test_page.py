"""The report on segments as one page."""

import re

import polars as pl

from slatewright.data.dataset import dataset_of
from slatewright.models.segments.describing import describe_segments
from slatewright.models.segments.report.page import SegmentReport, fact_sentences
from slatewright.models.segments.segmentation import Segmentation, Segments

from ..planted import KINDS, planted


def report_of(segments: Segments, dataset: object) -> SegmentReport:
    portraits = describe_segments(dataset, segments)  # type: ignore[arg-type]
    return SegmentReport("the <shop>", "four by hand", segments, portraits)


def test_the_page_says_everything_and_needs_nothing_else() -> None:
    dataset, _ = planted(100)
    page = report_of(Segmentation(n_segments=4, embedding_dim=6).segment(dataset), dataset).html()
    assert "Segments of the users of the &lt;shop&gt;" in page
    assert all(kind in page for kind in KINDS)
    assert page.count("<svg") == 2
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert not re.findall(r"url\((?!#)", page)
    assert "garden" in page


def test_items_have_a_page_too() -> None:
    dataset, _ = planted(100)
    page = report_of(Segmentation(of="items", embedding_dim=6).segment(dataset), dataset).html()
    assert "Segments of the items" in page
    assert page.count("<svg") == 3


def test_the_page_of_nobody() -> None:
    dataset = dataset_of(pl.DataFrame(schema={"user_id": pl.String, "item_id": pl.String}))
    report = report_of(Segmentation().segment(dataset), dataset)
    assert report.files() == {}
    assert "<svg" not in report.html()


def test_facts_in_words() -> None:
    dataset, _ = planted()
    portraits = describe_segments(dataset, Segmentation(n_segments=4, embedding_dim=6).segment(dataset))
    gardeners = next(one for one in portraits if one.name == "garden")
    age, street = fact_sentences(gardeners)
    assert re.fullmatch(r"age (29|30|31)\.\d+ on average \(all: (29|30)(\.\d+)?\)", age)
    assert street.startswith("street garden ")
