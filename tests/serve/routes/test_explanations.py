"""Reasons over HTTP."""

import httpx


def test_why_names_position_and_source(reader: httpx.Client) -> None:
    first = reader.get("/api/recommend/u00003", params={"k": 3}).json()["items"][0]
    found = reader.get(f"/api/why/u00003/{first['item_id']}", params={"k": 3}).json()
    assert found["shown"] is True
    assert found["position"] == 1
    assert first["source"] in [one["source"] for one in found["proposed"]]
    assert first["title"] in found["sentences"][0]


def test_why_not_names_what_stands_in_the_way(client: httpx.Client) -> None:
    first = client.get("/api/recommend/u00003").json()["items"][0]["item_id"]
    excluded = client.get(f"/api/why-not/u00003/{first}", params={"exclude": first}).json()
    assert excluded["shown"] is False
    assert excluded["dropped_by"] == ["excluded"]
    act = {"user_id": "u00003", "item_id": first}
    client.post("/api/events", json={"interactions": [act]}).raise_for_status()
    assert client.get(f"/api/why-not/u00003/{first}").json()["dropped_by"] == ["seen"]


def test_an_unknown_item_is_not_there(reader: httpx.Client) -> None:
    answer = reader.get("/api/why/u00003/%F0%9F%98%80")
    assert answer.status_code == 404
    assert "has no item" in answer.json()["detail"]
