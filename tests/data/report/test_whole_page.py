"""The frame of every page."""

from slatewright.data.report.whole_page import whole_page


def test_words_are_escaped_and_markup_is_not() -> None:
    page = whole_page("<b> & co", "a < b", ["<section>x</section>"], footer="made & kept", style=".dot {}")
    assert "<title>&lt;b&gt; &amp; co</title>" in page
    assert "<h1>&lt;b&gt; &amp; co</h1><p>a &lt; b</p>" in page
    assert "<section>x</section>\n<footer>made &amp; kept</footer>" in page
    assert ".dot {}</style>" in page


def test_nothing_may_be_loaded_from_elsewhere() -> None:
    assert "default-src 'none'; style-src 'unsafe-inline'" in whole_page("a", "", [], footer="")
