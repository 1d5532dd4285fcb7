from xml.etree import ElementTree

import pytest
from matplotlib.axes import Axes

from slatewright.data.report.drawing import INK, KINDS, chart


def draw(axes: list[Axes]) -> None:
    axes[0].plot([0, 1], [0, 1], color=KINDS[1])
    axes[0].set_title("one $x^2$ & <two> 🛍️", color=INK)


def test_a_chart_is_svg_whose_colours_are_the_ones_of_the_page() -> None:
    svg = chart(draw, "A line")
    root = ElementTree.fromstring(svg)  # noqa: S314
    assert root.attrib["aria-label"] == "A line"
    assert "width" not in root.attrib
    assert "height" not in root.attrib
    assert "var(--kind-2)" in svg
    assert "var(--ink)" in svg
    assert "#010101" not in svg


def test_words_stay_words_and_are_no_formula() -> None:
    svg = chart(draw, "A line")
    assert "one $x^2$ &amp; &lt;two&gt;" in svg


def test_a_title_from_the_data_stays_inside_its_attribute() -> None:
    title = '"><script>alert(1)</script> \\1'
    assert ElementTree.fromstring(chart(draw, title)).attrib["aria-label"] == title  # noqa: S314


def test_the_same_chart_is_the_same_text() -> None:
    assert chart(draw, "A line") == chart(draw, "A line")


@pytest.mark.parametrize("rows", [1, 3])
def test_panels_are_handed_over_from_the_top(rows: int) -> None:
    heights: list[float] = []
    chart(lambda axes: heights.extend(axis.get_position().y0 for axis in axes), "Panels", rows=rows)
    assert len(heights) == rows
    assert heights == sorted(heights, reverse=True)
