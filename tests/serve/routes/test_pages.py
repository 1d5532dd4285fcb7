"""Pages over HTTP: titled rows, no item twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from slatewright.store.shop import Shop
from tests.serve.test_answering import body_of, exchange, served, value_of, wait_for
from tests.serve.test_live_bundle import until


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


def test_a_page_for_which_there_is_no_time_is_one_row_of_popular_items(shop: Shop) -> None:
    gate = threading.Event()
    with served(shop, threads=1, max_waiting=1, deadline_ms=60_000) as (client, service):
        exchange(service, lambda stages: wait_for(gate))
        with ThreadPoolExecutor(2) as pool:
            open_now = [pool.submit(body_of, client, user) for user in ("u00001", "u00002")]
            until(lambda: value_of(client, "slatewright_waiting") == 2)
            page = client.get("/api/page/u00003", params={"k": 4}).json()
            visit = client.post("/api/session/page", json={"item_ids": shown(page)[:1], "k": 3}).json()
            assert client.get("/api/page/u00003", params={"page": "basket"}).status_code == 404
            gate.set()
            assert all(answer.result()["fallback"] is None for answer in open_now)
        (row,) = page["rows"]
        assert (page["fallback"], row["title"], row["slot"], row["slate"]["fallback"]) == (
            "popular",
            "Popular",
            "popular",
            "popular",
        )
        assert len(shown(page)) == 4
        assert len(shown(visit)) == 3
        assert not set(shown(page)[:1]) & set(shown(visit))
        assert client.get("/api/page/u00003").json()["fallback"] is None


def test_a_page_that_hangs_is_left_behind_at_its_deadline(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    with served(shop, deadline_ms=50.0) as (client, service):
        monkeypatch.setattr(service, "compose", lambda *asked: gate.wait())
        assert client.get("/api/page/u00003").json()["fallback"] == "popular"
        assert value_of(client, 'slatewright_failures_total{work="slate in time"}') == 1
        gate.set()
        until(lambda: value_of(client, "slatewright_stuck_threads") == 0)
