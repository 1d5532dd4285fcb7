import pytest

from slatewright.data.cleaning import Cleaning, clean

from .making import NOW, cleaned, count, events, rows_kept


def bought(second: float, quantity: float | None = 1.0, **other: object) -> dict[str, object]:
    return {"kind": "purchase", "second": second, "quantity": quantity, **other}


def test_a_negative_quantity_after_a_purchase_is_a_return_with_a_positive_value() -> None:
    result = cleaned(bought(0, 6.0), bought(60, -2.0))
    assert result.kept.select("kind", "value", "quantity").rows() == [("purchase", 1.0, 6.0), ("return", 2.0, 2.0)]
    assert (count(result, "returns"), count(result, "returns without a purchase")) == (1, 0)


def test_a_cancelled_invoice_is_a_return_whatever_its_sign() -> None:
    result = cleaned(bought(0, 6.0, invoice="536365"), bought(60, 1.0, invoice="C536379"))
    assert result.kept["kind"].to_list() == ["purchase", "return"]


def test_invoices_that_all_start_alike_are_not_all_cancelled() -> None:
    result = cleaned(*(bought(60 * at, invoice=f"C{at}", item_id=str(at)) for at in range(3)))
    assert result.kept["kind"].to_list() == ["purchase"] * 3


@pytest.mark.parametrize("kind", ["return", "refund", "cancelled"])
def test_an_event_may_say_itself_that_it_is_a_return(kind: str) -> None:
    result = cleaned(bought(0, None), {"kind": kind, "second": 60})
    assert result.kept.select("kind", "value").rows() == [("purchase", 1.0), ("return", 1.0)]


def test_a_bad_rating_and_an_emptied_cart_are_no_returns() -> None:
    result = cleaned({"kind": "rating", "value": -1.0}, {"kind": "cart", "quantity": -1.0, "second": 60})
    assert result.kept.select("kind", "value").rows() == [("rating", -1.0), ("cart", 1.0)]


@pytest.mark.parametrize(
    "purchase",
    [bought(120), bought(0, user_id="bob"), bought(0, item_id="cup"), {"kind": "view"}, bought(0, 0.0)],
)
def test_a_return_of_nothing_is_set_aside_as_it_was_given(purchase: dict[str, object]) -> None:
    result = cleaned(purchase, bought(60, -1.0))
    assert result.quarantined.select("row", "reason", "kind", "quantity").rows() == [
        (2, "return without an earlier purchase", "purchase", -1.0)
    ]
    assert (rows_kept(result), count(result, "returns")) == ([1], 0)


def test_a_purchase_and_its_return_may_have_the_same_time() -> None:
    assert rows_kept(cleaned(bought(0, -1.0), bought(0, 1.0))) == [1, 2]


def test_what_is_returned_in_full_cannot_be_returned_again() -> None:
    result = cleaned(bought(0, 2.0), bought(60, -1.0), bought(120, -1.0, price=1.0), bought(180, -1.0))
    assert rows_kept(result) == [1, 2, 3]


def test_a_return_reaches_over_several_purchases_and_a_partial_one_counts() -> None:
    result = cleaned(bought(0, 2.0), bought(60, 3.0), bought(120, -4.0), bought(180, -5.0), bought(240, -1.0))
    assert rows_kept(result) == [1, 2, 3, 4]  # 5 of 5 pieces are back after row 4, although it says more


def test_purchases_of_an_earlier_import_are_known_under_any_spelling() -> None:
    logged = events(bought(0, 2.0, item_id="Mug"), bought(0, 2.0, user_id="stranger"))
    now = events(bought(60, -1.0, item_id="mug"), bought(90, 1.0, item_id="Mug"), bought(99, 1.0, item_id="Mug"))
    result = clean(now, Cleaning(), now=NOW, bought=logged)
    assert result.kept.select("item_id", "kind").rows() == [("Mug", "return"), ("Mug", "purchase"), ("Mug", "purchase")]
    alone = clean(now, Cleaning(), now=NOW, bought=logged.clear())
    assert alone.quarantined["item_id"].to_list() == ["mug"]


def test_it_can_be_switched_off() -> None:
    result = cleaned(bought(0, -1.0, invoice="C1"), returns=False)
    assert result.kept.select("kind", "quantity").rows() == [("purchase", -1.0)]
