"""Every convention of the field is recognised; what cannot be is said in one sentence."""

import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.columns import recognise, recognise_facts

CONVENTIONS = {
    "RecTools": ("user_id item_id weight datetime", "user_id item_id value time"),
    "RePlay": ("user_id item_id rating timestamp", "user_id item_id value time"),
    "RecBole": ("user_id:token item_id:token rating:float timestamp:float", "user_id item_id value time"),
    "recommenders": ("userID itemID rating timestamp", "user_id item_id value time"),
    "Gorse": ("UserId ItemId FeedbackType Value Timestamp", "user_id item_id kind value time"),
    "Personalize": ("USER_ID ITEM_ID TIMESTAMP EVENT_TYPE EVENT_VALUE", "user_id item_id time kind value"),
    "RetailRocket": ("timestamp visitorid event itemid transactionid", "time user_id kind item_id invoice"),
    "Online Retail": (
        "InvoiceNo StockCode Quantity InvoiceDate UnitPrice CustomerID",
        "invoice item_id quantity time price user_id",
    ),
    "Online Retail II": (
        "Invoice StockCode Quantity InvoiceDate Price Customer_ID",
        "invoice item_id quantity time price user_id",
    ),
    "MovieLens": ("userId movieId rating timestamp", "user_id item_id value time"),
    "Taobao": ("user item behavior time", "user_id item_id kind time"),
    "Amazon": ("reviewerID asin overall unixReviewTime", "user_id item_id value time"),
    "ours": (
        "event_id user_id item_id kind value time session_id slate_id price quantity",
        "event_id user_id item_id kind value time session_id slate_id price quantity",
    ),
    "with spaces": ("Customer ID;Product Code;Order Date;Qty".replace(";", " | "), "user_id item_id time quantity"),
}


def head(names: str) -> pl.DataFrame:
    columns = names.split(" | ") if "|" in names else names.split()
    return pl.DataFrame({name: ["1"] for name in columns})


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_convention_is_recognised(convention: str) -> None:
    theirs, ours = CONVENTIONS[convention]
    frame = head(theirs)
    known = recognise(frame)
    assert known.columns == dict(zip(ours.split(), frame.columns, strict=True))
    assert set(known.reasons) >= set(known.columns)
    assert known.unused == ()


def test_descriptions_and_prices_become_facts_of_items() -> None:
    frame = head("InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country")
    known = recognise(frame)
    assert known.item_facts == {"title": "Description", "price": "UnitPrice"}
    assert known.user_facts == {"country": "Country"}
    assert known.default_kind == "purchase"


@pytest.mark.parametrize(
    ("names", "kind"),
    [("user item time rating", "rating"), ("user item time quantity", "purchase"), ("user item time", "interaction")],
)
def test_the_kind_is_guessed_where_no_column_tells_it(names: str, kind: str) -> None:
    assert recognise(head(names)).default_kind == kind


def test_the_first_synonym_wins_and_columns_are_used_once() -> None:
    known = recognise(head("date timestamp user customer product item"))
    assert (known.columns["user_id"], known.columns["item_id"], known.columns["time"]) == ("user", "item", "timestamp")
    assert known.unused == ("date", "customer", "product")


def test_sessions_stand_for_users_where_there_are_none() -> None:
    known = recognise(head("session_id item_id timestamp"))
    assert known.columns["user_id"] == "session_id"
    assert "session" in known.reasons["user_id"]


def test_a_list_is_no_id() -> None:
    frame = pl.DataFrame({"user": ["a"], "item": [["b"]], "time": ["2020-01-01"]})
    with pytest.raises(BadInput, match="looks like the item"):
        recognise(frame)


def test_settings_overrule_guesses() -> None:
    frame = head("user item time buyer rating")
    known = recognise(frame, {"user_id": "buyer", "value": ""})
    assert known.columns["user_id"] == "buyer"
    assert "value" not in known.columns
    assert known.reasons["user_id"] == "the settings say so"


@pytest.mark.parametrize("missing", ["user", "item", "time"])
def test_a_missing_column_names_the_file_and_the_fix(missing: str) -> None:
    frame = head("user item time").drop(missing)
    with pytest.raises(BadInput) as caught:
        recognise(frame, name="shop.csv")
    message = str(caught.value)
    assert message.startswith("shop.csv has no column that looks like the " + missing)
    assert "[events.columns]" in message
    assert "\n" not in message


def test_a_file_without_times_is_fine_when_the_settings_date_it() -> None:
    assert "time" not in recognise(head("user item"), undated=True).columns


def test_a_setting_that_names_no_column_of_the_file() -> None:
    with pytest.raises(BadInput, match=r"shop.csv has no column 'cust'.*user_id"):
        recognise(head("user item time"), {"user_id": "cust"}, name="shop.csv")


def test_a_setting_that_means_nothing() -> None:
    with pytest.raises(BadInput, match="'usr', which means nothing"):
        recognise(head("user item time"), {"usr": "user"})


def test_facts_of_items() -> None:
    known = recognise_facts(head("movieId title genres release_date"), "item_id")
    assert known.id == "movieId"
    assert known.facts == {"title": "title", "category": "genres", "release_date": "release_date"}
    assert known.time is None


def test_facts_of_users_with_the_time_they_were_true_from() -> None:
    known = recognise_facts(head("id age updated_at zip"), "user_id")
    assert (known.id, known.time) == ("id", "updated_at")
    assert known.facts == {"age": "age", "zip": "zip"}


def test_a_description_beside_a_title_stays_a_description() -> None:
    known = recognise_facts(head("product_id name description"), "item_id")
    assert known.facts == {"title": "name", "description": "description"}


def test_facts_without_an_id() -> None:
    with pytest.raises(BadInput, match=r"things.csv has no column that looks like the item.*\[items.columns\]"):
        recognise_facts(head("title price"), "item_id", name="things.csv")
