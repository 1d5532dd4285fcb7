"""What is text and what is a category."""

import polars as pl
import pytest

from slatewright.data.encoding.free_text import is_address, is_free_text, is_text

CASES = {
    "a title of each row": ([f"mug {at}" for at in range(60)], True, True),
    "sentences that come again": (["a mug of red tin", "a mug of blue tin"] * 40, False, True),
    "words that come again": (["mugs", "plates", None] * 40, False, False),
    "nothing": ([None, None], False, False),
}


@pytest.mark.parametrize(("values", "free", "text"), CASES.values(), ids=list(CASES))
def test_text_is_long_or_each_row_has_its_own(values: list[str | None], free: bool, text: bool) -> None:
    fact = pl.Series(values, dtype=pl.String)
    assert (is_free_text(fact), is_text(fact)) == (free, text)


def test_most_rows_make_a_column_of_addresses() -> None:
    assert is_address(pl.Series(["https://a.b/1", "http://a.b/2", "none", None]))
    assert not is_address(pl.Series(["https://a.b/1", "mug", "cup"]))
    assert not is_address(pl.Series([], dtype=pl.String))
