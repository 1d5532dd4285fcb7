"""Health and metrics."""

import httpx


def value_of(client: httpx.Client, series: str) -> float:
    """One number of the metrics page; 0 where it is not there yet."""
    lines = [line for line in client.get("/metrics").text.splitlines() if line.startswith(series + " ")]
    return float(lines[0].rsplit(" ", 1)[1]) if lines else 0.0


def test_a_server_that_answers_is_live_and_ready(reader: httpx.Client) -> None:
    assert reader.get("/api/health/live").json() == {"live": True}
    body = reader.get("/api/health/ready").json()
    assert body["ready"] is True
    assert body["refused"] is None
    assert body["version"] == reader.get("/api/recommend/u1").json()["version"]


def test_metrics_count_by_route_and_never_by_id(client: httpx.Client) -> None:
    series = 'slatewright_requests_total{method="GET",route="/api/recommend/{user_id}",status="200"}'
    before = value_of(client, series)
    for user in ("u00001", "u00002", "a/b"):
        client.get("/api/recommend/" + user.replace("/", "%2F")).raise_for_status()
    assert value_of(client, series) == before + 3
    assert "u00001" not in client.get("/metrics").text


def test_metrics_move_with_events_and_slates(client: httpx.Client) -> None:
    batch = {"interactions": [{"event_id": "one", "user_id": "u", "item_id": "i"}]}
    client.post("/api/events", json=batch)
    client.post("/api/events", json=batch)
    assert value_of(client, 'slatewright_events_total{outcome="accepted"}') == 1
    assert value_of(client, 'slatewright_events_total{outcome="duplicate"}') == 1
    assert value_of(client, "slatewright_live_events") >= 1
    client.post("/api/items", json={"items": [{"item_id": "COF-0000", "facts": {"price": 9.5}}]}).raise_for_status()
    assert value_of(client, 'slatewright_events_total{outcome="accepted"}') == 2
    assert "slatewright_events_total Events and updates of items and users received" in client.get("/metrics").text
    client.get("/api/recommend/nobody", params={"k": 4})
    assert value_of(client, 'slatewright_slates_total{fallback="newcomer"}') == 1
    assert value_of(client, 'slatewright_slate_items_total{source="popular"}') == 4
    assert value_of(client, 'slatewright_request_seconds_count{route="/api/events"}') == 2
