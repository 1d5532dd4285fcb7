from typing import Any

import polars as pl
import pytest

from slatewright.data.columns import recognise
from slatewright.data.importing.canonical import Shape, canonical


def shaped(
    batch: pl.DataFrame, *, kinds: dict[str, str] | None = None, head: pl.DataFrame | None = None
) -> pl.DataFrame:
    head = batch if head is None else head
    known = recognise(head, undated=True)
    shape = Shape.of(head, known, kinds=kinds or {}, default_kind="", undated=0)
    return canonical(batch, shape, file=3, first_row=11)


def rows(**columns: list[Any]) -> pl.DataFrame:
    size = max(map(len, columns.values()), default=1)
    base: dict[str, list[Any]] = {"user": ["u"] * size, "item": ["i"] * size, "time": ["2020-01-01"] * size}
    return pl.DataFrame({**base, **columns})


def test_rows_know_where_they_come_from() -> None:
    done = shaped(rows(user=["a", "b"]))
    assert done.select("file", "row").rows() == [(3, 11), (3, 12)]
    assert done["reason"].null_count() == 2


@pytest.mark.parametrize("name", ["007", " anna ", "😀", "x" * 10_000, "1e5", "0x10", "NaN"])
def test_ids_stay_what_they_are(name: str) -> None:
    done = shaped(rows(user=[name], item=[name]))
    assert done.select("user_id", "item_id").row(0) == (name, name)


@pytest.mark.parametrize("given", [[17850.0, None], ["17850.0", None], [17850, None]])
def test_whole_numbers_that_a_tool_wrote_as_floats(given: list[Any]) -> None:
    assert shaped(rows(user=given))["user_id"].to_list() == ["17850", None]


def test_an_id_with_a_point_keeps_it_where_others_have_none() -> None:
    assert shaped(rows(user=["1.0", "1.5"]))["user_id"].to_list() == ["1.0", "1.5"]


def test_a_nan_id_is_no_id() -> None:
    assert shaped(rows(user=[1.0, float("nan")]))["user_id"].to_list() == ["1", None]


def test_words_for_kinds() -> None:
    words = ["addtocart", "Buy", "checkout done", "Stare ", None]
    done = shaped(rows(event=words), kinds={"Checkout_Done": "purchase"})
    assert done["kind"].to_list() == ["cart", "purchase", "purchase", "stare", None]


def test_what_cannot_be_read_is_said() -> None:
    given = rows(rating=["5", "five", "", None, " 4 "], time=["2020-01-01"] * 4 + ["soon"])
    done = shaped(given, head=rows(rating=["5"]))
    assert done["value"].to_list() == [5.0, 1.0, 1.0, 1.0, 4.0]
    assert done["reason"].to_list() == [None, "value is no number: five", None, None, "time is no time: soon"]


def test_nan_and_infinity_are_left_to_cleaning() -> None:
    done = shaped(rows(rating=["NaN", "inf", "1e300"]))
    assert done["value"].is_finite().to_list() == [False, False, False]
    assert done["reason"].null_count() == 3


def test_a_purchase_counts_its_pieces() -> None:
    done = shaped(rows(quantity=["3", "-2", None]))
    assert done["value"].to_list() == [3.0, -2.0, 1.0]
    assert done["kind"].to_list() == ["purchase"] * 3


def test_undated_events() -> None:
    done = shaped(rows().drop("time"))
    assert done["time"].to_physical().to_list() == [0]


def test_facts_travel_with_the_events() -> None:
    done = shaped(rows(Description=[" Lamp ", ""], UnitPrice=["$2.50", "free"], Country=["NL", None]))
    assert done.select("item:title", "item:price", "user:country").rows() == [("Lamp", 2.5, "NL"), (None, None, None)]
    assert done["price"].to_list() == [2.5, None]
    assert done["reason"].to_list() == [None, "price is no number: free"]


def test_prices_of_32_bits_keep_their_face() -> None:
    frame = rows(price=[4.2]).with_columns(pl.col("price").cast(pl.Float32))
    assert shaped(frame)["item:price"].to_list() == [4.2]
