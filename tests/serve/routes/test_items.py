"""Facts of items are told over HTTP and hold from the next slate on."""

import json
from typing import Any

import httpx
import polars as pl
import pytest

from slatewright.core.clock import wall_clock
from slatewright.data.facts import facts_at
from slatewright.lifecycle.training import train
from slatewright.pipeline.policy.policy_file import POLICY
from slatewright.store.shop import Shop
from tests.serve.conftest import client_of
from tests.serve.routes.test_slates import items_of, refused
from tests.serve.test_live_bundle import ready, until


def tell(client: httpx.Client, item: str, **facts: object) -> dict[str, Any]:
    answer = client.post("/api/items", json={"items": [{"item_id": item, "facts": facts}]})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def shown(client: httpx.Client) -> list[str]:
    return items_of(client.get("/api/recommend/nobody", params={"k": 80}))


def test_the_next_slate_obeys(client: httpx.Client) -> None:
    first = shown(client)[0]
    assert tell(client, first, hidden=True) == {"accepted": 1, "duplicates": 0, "known": 1, "warnings": []}
    assert first not in shown(client)
    tell(client, first, hidden=False)
    assert first in shown(client)
    tell(client, first, price=1234.5)
    slate = client.get("/api/recommend/nobody", params={"k": 80}).json()
    assert {one["price"] for one in slate["items"] if one["item_id"] == first} == {1234.5}


def test_rules_read_what_was_told_and_a_restart_forgets_nothing(shop: Shop) -> None:
    (shop.root / POLICY).write_text("[[rule]]\nexclude = 'price > 1000'\n", encoding="utf-8")
    with client_of(shop) as client:
        first, second = shown(client)[:2]
        tell(client, first, price=2000)
        tell(client, second, price=1001, hidden=False)
        assert {first, second}.isdisjoint(shown(client))
        tell(client, second, price=1)
        assert second in shown(client)
    with client_of(shop) as client:
        assert first not in shown(client)
        assert second in shown(client)


def test_what_was_told_outlives_a_swap_and_reaches_the_next_training(shop: Shop) -> None:
    with client_of(shop) as client:
        first = shown(client)[0]
        tell(client, first, price=77.25, available=False)
        until(lambda: ready(client)["pending"] == 0)
        version = train(shop, now=wall_clock(), promote=True)
        until(lambda: ready(client)["version"] == version)
        assert first not in shown(client)
    facts = facts_at(shop.log, "item_updates", None)
    assert facts is not None
    row = facts.filter(pl.col("item_id") == first)
    assert row["price"].item() == 77.25
    assert row["available"].item() is False


def test_an_event_id_counts_once_and_an_older_word_changes_nothing(client: httpx.Client) -> None:
    first = shown(client)[0]
    one = {"item_id": first, "event_id": "e1", "facts": {"hidden": True}}
    assert client.post("/api/items", json={"items": [one]}).json()["accepted"] == 1
    assert client.post("/api/items", json={"items": [one]}).json() == {
        "accepted": 0,
        "duplicates": 1,
        "known": 1,
        "warnings": [],
    }
    older = {"item_id": first, "time": "2024-05-01T00:00:00Z", "facts": {"hidden": False}}
    client.post("/api/items", json={"items": [older]}).raise_for_status()
    assert first not in shown(client)
    assert tell(client, "never heard of", price=3)["known"] == 0


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"item_id": "COF-0000", "facts": {"price": "cheap"}}, "items.0.facts.price"),
        ({"item_id": "COF-0000", "facts": {"price": True}}, "items.0.facts.price"),
        ({"item_id": "COF-0000", "facts": {"title": 3}}, "items.0.facts.title"),
        ({"item_id": "COF-0000", "facts": {}}, "items.0.facts"),
        ({"item_id": "", "facts": {"price": 3}}, "items.0.item_id"),
        ({"item_id": "COF-0000", "facts": {"price": 3}, "time": "1980-01-01T00:00:00Z"}, "items.0.time"),
        ({"item_id": "COF-0000", "fact": {"price": 3}}, "items.0.facts"),
    ],
)
def test_what_cannot_be_learned_is_refused_by_name(reader: httpx.Client, item: dict[str, object], field: str) -> None:
    assert field in refused(reader.post("/api/items", json={"items": [item]}))


def test_a_fact_that_is_new_keeps_the_type_it_came_with(client: httpx.Client) -> None:
    tell(client, "COF-0000", clearance=True)
    other = {"item_id": "COF-0001", "facts": {"clearance": "yes"}}
    assert refused(client.post("/api/items", json={"items": [other]})) == ["items.0.facts.clearance"]
    assert json.loads(client.get("/openapi.json").text)["paths"]["/api/items"]["post"]["summary"]


def test_a_fact_that_nobody_knows_is_taken_in_with_a_warning(client: httpx.Client) -> None:
    first = shown(client)[0]
    told = tell(client, first, pirce=3.5, price=4, Stock=2, q9z="new")
    assert told["accepted"] == 1
    assert told["warnings"] == [
        "of items no fact 'pirce' is known; did you mean price? What is told of it waits for the next training.",
        "of items no fact 'q9z' is known. What is told of it waits for the next training.",
    ]
    assert len(tell(client, first, **{f"odd {at}": at for at in range(50)})["warnings"]) == 20
