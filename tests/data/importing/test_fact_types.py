from typing import Any

import polars as pl
import pytest

from slatewright.data.importing.fact_types import typed


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", None, "-20"], [1, None, -20]),
        (["1.5", "2"], [1.5, 2.0]),
        (["01234", "99999"], ["01234", "99999"]),  # postcodes
        (["1", "one"], ["1", "one"]),
        (["12345678901234567890"], ["12345678901234567890"]),
        (['["a", "b"]', None], [["a", "b"], None]),
        (["[draft]"], ["[draft]"]),
        ([None], [None]),
    ],
)
def test_text_becomes_what_all_of_it_is(values: list[Any], expected: list[Any]) -> None:
    rows = pl.DataFrame({"id": ["1"] * len(values), "fact": pl.Series(values, dtype=pl.String)})
    assert typed(rows, "id")["fact"].to_list() == expected


def test_ids_and_titles_stay_text() -> None:
    rows = pl.DataFrame({"id": ["1"], "title": ["1984"], "category": ["12"]})
    assert typed(rows, "id").row(0) == ("1", "1984", "12")
