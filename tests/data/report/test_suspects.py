import polars as pl
import pytest

from slatewright.data.report.suspects import look_like_no_products

PRODUCTS = pl.DataFrame(
    {"item_id": [f"{at}A" for at in range(100)], "title": [f"FRENCH CARRIAGE LANTERN {at}" for at in range(100)]}
)


def suspects(*rows: tuple[str, str | None]) -> list[str]:
    more = pl.DataFrame(rows, schema={"item_id": pl.String, "title": pl.String}, orient="row")
    return look_like_no_products(pl.concat([PRODUCTS, more]))["item_id"].to_list()


@pytest.mark.parametrize(
    "row",
    [
        ("POST", None),
        ("C2", "CARRIAGE"),
        ("23444", "Next Day Carriage"),
        ("AMAZONFEE", "AMAZON FEE"),
        ("ADJUST2", "Adjustment by Peter on Jun 25"),
        ("TEST001", "This is a test product."),
        ("7", "Gift voucher"),
    ],
)
def test_charges_corrections_and_tests_are_pointed_out(row: tuple[str, str]) -> None:
    assert suspects(row) == [row[0]]


@pytest.mark.parametrize("row", [("8", "DISCOUNT SHOE RACK 2"), ("9", "Protest song"), ("10", None)])
def test_products_are_not(row: tuple[str, str]) -> None:
    assert suspects(row) == []


def test_words_as_ids_are_no_reason_where_all_ids_are_words() -> None:
    words = pl.DataFrame({"item_id": ["mug", "cup", "milk jug"], "title": [None, None, None]})
    assert look_like_no_products(words).is_empty()


def test_no_items_have_no_suspects() -> None:
    assert look_like_no_products(PRODUCTS.clear()).is_empty()
