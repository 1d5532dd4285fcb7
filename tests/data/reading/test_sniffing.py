from pathlib import Path

import pytest

from slatewright.data.reading.sniffing import Look, first_line, look_at, unreadable


@pytest.mark.parametrize(
    ("line", "separator"),
    [("a,b;c,d", ","), ("a\tb\tc", "\t"), ("a;b", ";"), ("a|b|c", "|"), ("alone", ",")],
)
def test_the_separator_is_the_most_frequent_of_the_header(line: str, separator: str, tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text(f"\n{line}\n1,2,3,4,5,6\n")
    assert look_at(str(path)) == Look("delimited", separator)


def test_the_first_line_without_mark_and_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_bytes(b"\xef\xbb\xbfuser,item\r\n1,2\r\n")
    assert first_line(str(path)) == "user,item"


def test_an_error_of_another_kind_is_passed_on_in_one_line(tmp_path: Path) -> None:
    assert str(unreadable("e.csv", OSError("no\nsuch device"))) == "e.csv cannot be read: no such device"
