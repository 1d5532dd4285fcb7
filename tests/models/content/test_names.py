"""Names as bytes, and back."""

import polars as pl
import pytest

from slatewright.models.content.names import packed, unpacked


@pytest.mark.parametrize("names", [[], [""], ["tea", "été", "", "茶"]])
def test_names_come_back_as_they_were(names: list[str]) -> None:
    text, offsets = packed(pl.Series(names, dtype=pl.String))
    assert text.dtype == "uint8"
    assert offsets.dtype == "int64"
    assert unpacked(text, offsets).to_list() == names
