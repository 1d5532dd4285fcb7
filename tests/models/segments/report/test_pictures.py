"""The pictures of segments."""

import hashlib
from xml.etree import ElementTree

import pytest

from slatewright.models.segments.describing import describe_segments
from slatewright.models.segments.report.page import SegmentReport
from slatewright.models.segments.report.pictures import COLORS, color_of, on_page, on_paper, shortened
from slatewright.models.segments.segmentation import Segmentation

from ..planted import planted


@pytest.fixture(scope="module")
def report() -> SegmentReport:
    dataset, _ = planted(160)
    segments = Segmentation(embedding_dim=6).segment(dataset)
    return SegmentReport("the <shop>", "4 by k-means", segments, describe_segments(dataset, segments))


def test_every_picture_names_its_segments(report: SegmentReport) -> None:
    pictures = report.pictures()
    assert list(pictures) == ["map", "tree", "choice"]
    for name, (draw, height) in pictures.items():
        svg = on_page(draw, name, height=height)
        assert ElementTree.fromstring(svg).attrib["aria-label"] == name  # noqa: S314
        assert "var(--ink)" in svg or name == "choice"
        if name != "choice":
            assert all(one.name in svg for one in report.portraits)
            assert all(color_of(at) in svg for at in range(4))


def test_files_are_pictures_of_their_own_with_plain_colours(report: SegmentReport) -> None:
    files = report.files()
    assert set(files) == {f"{name}.{kind}" for name in ("map", "tree", "choice") for kind in ("svg", "png")}
    for name, content in files.items():
        if name.endswith("png"):
            assert content.startswith(b"\x89PNG")
        else:
            assert b"<svg" in content
            assert b"#010101" not in content
            assert b"var(" not in content


def test_the_same_report_is_the_same_bytes(report: SegmentReport) -> None:
    draw, height = report.pictures()["tree"]
    first, second = (on_paper(draw, height=height) for _ in range(2))
    assert {name: hashlib.sha256(one).hexdigest() for name, one in first.items()} == {
        name: hashlib.sha256(one).hexdigest() for name, one in second.items()
    }


def test_colours_begin_again() -> None:
    assert color_of(len(COLORS)) == COLORS[0]
    assert len(set(COLORS)) == 12


def test_long_names_are_cut() -> None:
    assert shortened("a short name", 20) == "a short name"
    assert shortened("one, two, three, four", 10) == "one, two…"
