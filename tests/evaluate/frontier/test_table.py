from io import StringIO

from rich.console import Console

from slatewright.evaluate.frontier.table import markdown, render_html, tables

from .worlds import found


def test_every_way_stands_in_the_table_the_markdown_and_the_page() -> None:
    console = Console(width=160, file=StringIO())
    for part in tables(found()):
        console.print(part)
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    page = render_html(found(), shop="Larch & Daughters")
    for text in (shown, markdown(found()), page):
        for point in found().points:
            assert point.name in text
        for head in ("NDCG@5", "Diversity@5", "Coverage@5"):
            assert head in text
    assert "Larch &amp; Daughters" in page
    assert page.count("<svg") == len(found().across)
