"""Events come in once, become durable, and change the next slate."""

import json
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest

from slatewright.core.clock import iso, wall_clock
from slatewright.events.journal import Journal
from slatewright.store.shop import Shop
from tests.serve.conftest import client_of
from tests.serve.routes.test_slates import items_of, refused


def act(item: str, user: str = "u00003", kind: str = "view", **more: object) -> dict[str, Any]:
    return {"user_id": user, "item_id": item, "kind": kind, **more}


def recorded(shop: Shop, table: str = "interactions") -> pl.DataFrame:
    """Every event that the log and the journal hold together."""
    with Journal(shop.journal) as journal:
        waiting = journal.pending()[table]
    return pl.concat([shop.log.scan(table).collect(), waiting]).unique("event_id")


def test_the_next_slate_reacts(client: httpx.Client) -> None:
    before = items_of(client.get("/api/recommend/u00003", params={"k": 10}))
    receipt = client.post("/api/events", json={"interactions": [act(before[0])]})
    assert receipt.json() == {"accepted": 1, "duplicates": 0}
    after = client.get("/api/recommend/u00003", params={"k": 10})
    assert before[0] not in items_of(after)
    assert len(items_of(after)) == 10


def test_a_newcomer_becomes_somebody_with_the_first_event(client: httpx.Client) -> None:
    before = client.get("/api/recommend/never-seen").json()
    assert before["fallback"] == "newcomer"
    item = before["items"][0]["item_id"]
    client.post("/api/events", json={"interactions": [act(item, "never-seen")]}).raise_for_status()
    after = client.get("/api/recommend/never-seen").json()
    assert after["fallback"] is None
    assert {one["source"] for one in after["items"]} & {"taste", "together"}
    assert item not in [one["item_id"] for one in after["items"]]


def test_an_event_id_counts_once(client: httpx.Client, shop: Shop) -> None:
    batch = {"interactions": [act("COF-0000", event_id="once"), act("KIT-0001", event_id="twice")]}
    assert client.post("/api/events", json=batch).json() == {"accepted": 2, "duplicates": 0}
    assert client.post("/api/events", json=batch).json() == {"accepted": 0, "duplicates": 2}
    batch["interactions"].append(act("KIT-0002", event_id="new"))
    assert client.post("/api/events", json=batch).json() == {"accepted": 1, "duplicates": 2}
    ours = recorded(shop).filter(pl.col("event_id").is_in(["once", "twice", "new"]))
    assert sorted(ours["event_id"]) == ["new", "once", "twice"]


def test_everything_said_is_in_the_log_after_the_server_has_stopped(shop: Shop) -> None:
    said = act("COF-0000", kind="purchase", event_id="e 1 😀", value=2, price=9.5, quantity=2, session_id="s")
    with client_of(shop) as client:
        slate = client.get("/api/recommend/u00003", params={"surface": "home", "slot": "grid"}).json()
        shown = {
            "event_id": "shown",
            "slate_id": slate["slate_id"],
            "user_id": "u00003",
            "item_ids": [item["item_id"] for item in slate["items"]],
            "sources": [item["source"] for item in slate["items"]],
            "surface": "home",
            "slot": "grid",
        }
        clicked = {**said, "slate_id": slate["slate_id"], "time": "2026-01-02T03:04:05.678+01:00"}
        client.post("/api/events", json={"interactions": [clicked], "impressions": [shown]}).raise_for_status()
    events = shop.log.scan("interactions").filter(pl.col("event_id") == "e 1 😀").collect()
    impressions = shop.log.scan("impressions").collect()
    joined = events.join(impressions, on="slate_id", suffix="_shown").row(0, named=True)
    assert joined["time"].isoformat() == "2026-01-02T02:04:05.678000+00:00"
    assert (joined["price"], joined["quantity"], joined["value"], joined["session_id"]) == (9.5, 2.0, 2.0, "s")
    assert joined["item_ids"] == [item["item_id"] for item in slate["items"]]
    assert joined["slot"] == "grid"
    with Journal(shop.journal) as journal:
        assert journal.waiting() == 0


def test_a_new_server_remembers_what_the_old_one_took(shop: Shop) -> None:
    with client_of(shop) as client:
        item = items_of(client.get("/api/recommend/u00003", params={"k": 1}))[0]
        client.post("/api/events", json={"interactions": [act(item)]}).raise_for_status()
        after = items_of(client.get("/api/recommend/u00003"))
    with client_of(shop) as client:
        assert items_of(client.get("/api/recommend/u00003")) == after


def test_a_return_takes_the_purchase_back(client: httpx.Client) -> None:
    before = items_of(client.get("/api/recommend/u00003"))
    client.post("/api/events", json={"interactions": [act(before[0], kind="purchase")]}).raise_for_status()
    assert before[0] not in items_of(client.get("/api/recommend/u00003"))
    client.post("/api/events", json={"interactions": [act(before[0], kind="return")]}).raise_for_status()
    assert items_of(client.get("/api/recommend/u00003")) == before


def test_a_clock_that_runs_ahead_is_set_right(client: httpx.Client, shop: Shop) -> None:
    before = items_of(client.get("/api/recommend/u00003"))
    ahead = iso(wall_clock() + 3_600_000_000)
    client.post("/api/events", json={"interactions": [act(before[0], time=ahead, event_id="ahead")]}).raise_for_status()
    assert before[0] not in items_of(client.get("/api/recommend/u00003"))
    kept = recorded(shop).filter(pl.col("event_id") == "ahead")["time"][0]
    assert kept.isoformat() < ahead


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"user_id": ""}, "interactions.0.user_id"),
        ({"user_id": 7}, "interactions.0.user_id"),
        ({"user_id": None}, "interactions.0.user_id"),
        ({"item_id": "x" * 10_001}, "interactions.0.item_id"),
        ({"value": 1e39}, "interactions.0.value"),
        ({"kind": ""}, "interactions.0.kind"),
        ({"time": "yesterday"}, "interactions.0.time"),
        ({"time": "2026-01-02T03:04:05"}, "interactions.0.time"),
        ({"time": "1970-01-01T00:00:00Z"}, "interactions.0.time"),
        ({"time": "2200-01-01T00:00:00Z"}, "interactions.0.time"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "interactions.0.time"),
        ({"user": "misspelt"}, "interactions.0.user"),
    ],
)
def test_a_malformed_event_is_named(reader: httpx.Client, change: dict[str, Any], field: str) -> None:
    assert refused(reader.post("/api/events", json={"interactions": [{**act("COF-0000"), **change}]})) == [field]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", '"\\ud800"', "1e400"])
def test_numbers_that_are_none_are_named(reader: httpx.Client, value: str) -> None:
    body = json.dumps({"interactions": [{**act("COF-0000"), "value": 0}]}).replace('"value": 0', f'"value": {value}')
    answer = reader.post("/api/events", content=body, headers={"Content-Type": "application/json"})
    assert refused(answer) == ["interactions.0.value"]


@pytest.mark.parametrize("text", ["", "{", '{"interactions": [', "[" * 50_000, "\xff\xfe", "null", "[]", '"x"'])
def test_a_body_that_is_no_batch_is_refused(reader: httpx.Client, text: str) -> None:
    answer = reader.post("/api/events", content=text.encode("latin-1"), headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


def test_ids_that_are_no_text_are_named(reader: httpx.Client) -> None:
    body = '{"interactions": [{"user_id": "\\ud800", "item_id": "a"}]}'
    answer = reader.post("/api/events", content=body, headers={"Content-Type": "application/json"})
    assert refused(answer) == ["interactions.0.user_id"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"item_ids": []}, "impressions.0.item_ids"),
        ({"sources": ["one"]}, "impressions.0.sources"),
        ({"propensities": [0.5]}, "impressions.0.propensities"),
        ({"propensities": [0.5, 1.5]}, "impressions.0.propensities.1"),
    ],
)
def test_a_malformed_impression_is_named(reader: httpx.Client, change: dict[str, Any], field: str) -> None:
    shown = {"slate_id": "s", "item_ids": ["a", "b"], **change}
    assert refused(reader.post("/api/events", json={"impressions": [shown]})) == [field]


def test_too_many_events_are_refused(reader: httpx.Client) -> None:
    assert refused(reader.post("/api/events", json={"interactions": [act("a")] * 1001})) == ["interactions"]


def test_a_body_that_is_too_long_is_refused(reader: httpx.Client) -> None:
    batch = {"interactions": [act("a" * 5000) for _ in range(60)]}
    assert reader.post("/api/events", json=batch).status_code == 413
    text = json.dumps(batch).encode()
    parts = (text[at : at + 50_000] for at in range(0, len(text), 50_000))  # chunked: no length is declared
    answer = reader.post("/api/events", content=parts, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert "smaller batches" in answer.json()["detail"]


def test_a_batch_is_taken_whole_or_not_at_all(client: httpx.Client, shop: Shop) -> None:
    bad = client.post("/api/events", json={"interactions": [act("COF-0000", event_id="good"), act("", event_id="bad")]})
    assert refused(bad) == ["interactions.1.item_id"]
    assert recorded(shop).filter(pl.col("event_id").is_in(["good", "bad"])).height == 0


def test_odd_ids_travel_unchanged(client: httpx.Client, shop: Shop, tmp_path: Path) -> None:
    odd = [" lead and trail ", "007", "😀", "a/b?c#d%2F", "tab\there", "x" * 10_000, "nul\0byte", "'; DROP TABLE--"]
    batch = {"interactions": [act("COF-0000", user) for user in odd]}
    assert client.post("/api/events", json=batch).json()["accepted"] == len(odd)
    assert set(odd) <= set(recorded(shop)["user_id"])
