"""Pages over HTTP: titled rows, no item twice."""

from typing import Any

import httpx
import pytest


def shown(page: dict[str, Any]) -> list[str]:
    return [item["item_id"] for row in page["rows"] for item in row["slate"]["items"]]


def test_a_page_has_titled_rows_with_slates_of_their_own(reader: httpx.Client) -> None:
    page = reader.get("/api/page/u00003", params={"k": 5}).json()
    assert page["page"] == "home"
    assert page["user_id"] == "u00003"
    assert page["rows"][0]["title"] == "For you"
    assert len({row["slot"] for row in page["rows"]}) == len(page["rows"]) >= 2
    assert len({row["slate"]["slate_id"] for row in page["rows"]}) == len(page["rows"])
    assert len(shown(page)) == len(set(shown(page)))
    assert all(item["title"] for row in page["rows"] for item in row["slate"]["items"])
    assert page["version"] == page["rows"][0]["slate"]["version"]


@pytest.mark.parametrize("user", ["nobody", "a/b", "😀 with a space"])
def test_anybody_gets_a_page(reader: httpx.Client, user: str) -> None:
    page = reader.get("/api/page/" + str(httpx.QueryParams({"": user}))[1:].replace("+", "%20")).json()
    assert page["user_id"] == user
    assert page["rows"]


def test_a_visitor_gets_a_page_from_what_was_looked_at(reader: httpx.Client) -> None:
    known = reader.get("/api/recommend/u00003", params={"k": 2}).json()
    items = [item["item_id"] for item in known["items"]]
    page = reader.post("/api/session/page", json={"item_ids": items, "k": 4, "exclude": items[:1]}).json()
    assert page["user_id"] is None
    assert page["rows"][0]["slate"]["fallback"] is None
    assert not set(items) & set(shown(page))
    assert all(len(row["slate"]["items"]) <= 4 for row in page["rows"])


def test_wishes_hold_for_every_row(reader: httpx.Client) -> None:
    category = reader.get("/api/shop").json()["categories"][0]
    page = reader.get("/api/page/u00003", params={"category": category, "k": 3}).json()
    assert all(category in item["categories"] for row in page["rows"] for item in row["slate"]["items"])


@pytest.mark.parametrize("k", ["0", "501", "x"])
def test_an_impossible_k_is_named(reader: httpx.Client, k: str) -> None:
    answer = reader.get("/api/page/u00003", params={"k": k})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "k"


def test_a_page_that_the_recipe_does_not_have_is_not_found(reader: httpx.Client) -> None:
    answer = reader.get("/api/page/u00003", params={"page": "basket"})
    assert answer.status_code == 404
    assert "no page 'basket'; it has home" in answer.json()["detail"]
