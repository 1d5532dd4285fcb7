from xml.etree import ElementTree

from slatewright.evaluate.forest import Line, forest
from slatewright.metrics.bootstrap import Interval

LINES = [Line("ours & <theirs>", Interval(0.2, 0.1, 0.3), True), Line("a guess", Interval(0.05, 0.01, 0.1), False)]


def test_every_line_has_its_name_and_value_and_the_bar_is_dashed() -> None:
    svg = forest(LINES, 0.08, "NDCG@5", title="NDCG@5 of each")
    assert ElementTree.fromstring(svg).attrib["aria-label"] == "NDCG@5 of each"  # noqa: S314
    for text in ("ours &amp; &lt;theirs&gt;", "a guess", ".2000", ".0500", "NDCG@5"):
        assert f">{text}<" in svg
    assert ("stroke-dasharray" in svg) is True
    assert "stroke-dasharray" not in forest(LINES, None, "NDCG@5", title="NDCG@5 of each")


def test_what_is_not_sure_is_grey() -> None:
    grey = "var(--faint)"
    sure, unsure = (forest([line], None, "", title="").count(grey) for line in LINES)
    assert unsure > sure
