"""Slates over HTTP: anybody gets one, malformed wishes are named."""

from typing import Any

import httpx
import pytest

from slatewright.store.shop import Shop


def items_of(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["item_id"] for item in answer.json()["items"]]


def refused(answer: httpx.Response) -> list[str]:
    """The fields that a refusal names."""
    assert answer.status_code == 422, answer.text
    return [problem["field"] for problem in answer.json()["errors"]]


def test_a_known_user_gets_k_items_with_their_sources(reader: httpx.Client) -> None:
    answer = reader.get("/api/recommend/u00003", params={"k": 7}).json()
    assert [item["position"] for item in answer["items"]] == [1, 2, 3, 4, 5, 6, 7]
    assert answer["fallback"] is None
    assert {item["source"] for item in answer["items"]} <= {
        "taste",
        "together",
        "similar by together",
        "popular",
        "recent",
    }
    assert all(item["source"] in item["sources"] for item in answer["items"])
    assert any(len(item["sources"]) > 1 for item in answer["items"])
    assert answer["skipped"] == []
    assert all(item["title"] and item["price"] > 0 and item["categories"] for item in answer["items"])
    assert answer["user_id"] == "u00003"
    assert len(answer["slate_id"]) == 32


@pytest.mark.parametrize("user", ["nobody", "😀 with a space", "a/b", "..%2F", "0" * 5000])
def test_an_unknown_user_gets_a_fallback_that_says_so(reader: httpx.Client, user: str) -> None:
    answer = reader.get("/api/recommend/" + httpx.QueryParams({"": user}).__str__()[1:].replace("+", "%20"))
    body = answer.json()
    assert answer.status_code == 200
    assert len(body["items"]) == 10
    assert body["fallback"] == "newcomer"
    assert body["user_id"] == user
    assert {item["source"] for item in body["items"]} == {"popular"}


@pytest.mark.parametrize("k", ["0", "-1", "1000000000", "501", "1.5", "NaN", "", "9" * 400])
def test_an_impossible_k_is_named(reader: httpx.Client, k: str) -> None:
    assert refused(reader.get("/api/recommend/u00003", params={"k": k})) == ["k"]
    assert refused(reader.get("/api/item-to-item/COF-0000", params={"k": k})) == ["k"]


def test_offset_gives_the_next_page(reader: httpx.Client) -> None:
    whole = items_of(reader.get("/api/recommend/u00003", params={"k": 12}))
    second = reader.get("/api/recommend/u00003", params={"n": 6, "offset": 6})
    assert items_of(second) == whole[6:]
    assert second.json()["items"][0]["position"] == 1
    assert reader.get("/api/recommend/u00003", params={"k": 10, "offset": 500}).json()["items"] == []
    assert refused(reader.get("/api/recommend/u00003", params={"offset": -1})) == ["offset"]


def test_categories_and_excludes_are_kept_to(reader: httpx.Client) -> None:
    wishes: dict[str, Any] = {"k": 5, "category": ["Kitchen", "Garden"]}
    kept = reader.get("/api/recommend/u00003", params=wishes).json()["items"]
    assert {name for item in kept for name in item["categories"]} <= {"Kitchen", "Garden"}
    ids = [item["item_id"] for item in kept]
    others = items_of(reader.get("/api/recommend/u00003", params={**wishes, "exclude": ids}))
    assert not set(ids) & set(others)
    without = reader.get("/api/recommend/u00003", params={"k": 40, "exclude_category": "Kitchen"}).json()["items"]
    assert all("Kitchen" not in item["categories"] for item in without)


def test_a_category_that_leaves_nothing_gives_an_empty_slate(reader: httpx.Client) -> None:
    assert items_of(reader.get("/api/recommend/u00003", params={"category": "Submarines"})) == []


def test_a_session_is_answered_from_its_items(reader: httpx.Client, trained_shop: Shop) -> None:
    seen = items_of(reader.get("/api/recommend/u00003", params={"k": 3}))
    answer = reader.post("/api/session/recommend", json={"item_ids": [*seen, "unheard of"], "k": 6})
    assert len(items_of(answer)) == 6
    assert not set(seen) & set(items_of(answer))
    assert answer.json()["fallback"] is None
    assert answer.json()["user_id"] is None
    nothing = reader.post("/api/session/recommend", json={"facts": {"country": "Spain"}})
    assert len(items_of(nothing)) == 10
    assert nothing.json()["fallback"] == "newcomer"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"k": 0}, "k"),
        ({"k": 10**9}, "k"),
        ({"item_ids": "COF-0000"}, "item_ids"),
        ({"item_ids": [""]}, "item_ids.0"),
        ({"item_ids": ["x" * 10_001]}, "item_ids.0"),
        ({"items": []}, "items"),
        ({"facts": {"age": 3}}, "facts.age"),
    ],
)
def test_a_malformed_session_is_named(reader: httpx.Client, body: dict[str, object], field: str) -> None:
    assert refused(reader.post("/api/session/recommend", json=body)) == [field]


def test_items_like_an_item_leave_it_out(reader: httpx.Client) -> None:
    (item,) = items_of(reader.get("/api/recommend/u00003", params={"k": 1}))
    like = items_of(reader.get(f"/api/item-to-item/{item}", params={"k": 8}))
    assert len(like) == 8
    assert item not in like
    assert len(items_of(reader.get("/api/item-to-item/unheard-of"))) == 10
