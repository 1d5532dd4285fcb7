import polars as pl
import pytest

from slatewright.core.arrays import Frame
from slatewright.data.encoding import remembering
from slatewright.data.encoding.remembering import Remembered


def person(**facts: object) -> Frame:
    return pl.DataFrame({name: [value] for name, value in facts.items()})


def test_a_row_is_read_once_and_a_table_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST", 2)
    read: list[Frame] = []
    words = Remembered(lambda facts: read.append(facts) or str(facts.rows()))  # type: ignore[func-returns-value]
    for facts in (person(a=1, b="x"), person(a=1, b="x"), person(b=1, a="x"), person(a=None, b="x"), person(a=[1, 2])):
        assert words(facts) == words(facts) == str(facts.rows())
    assert len(read) == 5  # three rows, and twice a list, which cannot be looked up
    assert words(person(a=1, b="x")) == "[(1, 'x')]"
    assert len(read) == 6  # the third row let the first two go
    both = pl.concat([person(a=1), person(a=2)])
    assert words(both) == words(both)
    assert len(read) == 8
