"""Tables as Markdown."""

from slatewright.evaluate.markdown_table import markdown_table


def test_a_table() -> None:
    assert markdown_table(("", "NDCG"), [("taste", ".1")]) == "| | NDCG |\n| --- | --- |\n| taste | .1 |"


def test_what_a_name_holds_stays_in_its_cell() -> None:
    table = markdown_table(("name", "n"), [("a|b", "1"), ("two\nlines", "2")])
    assert table.splitlines()[2:] == ["| a\\|b | 1 |", "| two lines | 2 |"]
