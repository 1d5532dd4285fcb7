"""Faults of the world around a server: a disk that is full, a source that hangs, more than it can do at once."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest

from slatewright.core.clock import wall_clock
from slatewright.events.journal import Journal
from slatewright.explain import why
from slatewright.pipeline.apart import Apart
from slatewright.pipeline.contracts import Proposal, Query
from slatewright.pipeline.guarded import NOTHING
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.request import Request
from slatewright.serve.asked import Asked
from slatewright.serve.routes import explanations
from slatewright.store.shop import Shop
from tests.serve.test_answering import body_of, served, value_of
from tests.serve.test_live_bundle import until

ASKED = Asked(Request(5, wall_clock(), user_id="u00003"))


def act(name: str, item: str = "COF-0000") -> dict[str, Any]:
    return {"interactions": [{"event_id": name, "user_id": "u00003", "item_id": item, "slate_id": "x" * 2000}]}


def test_a_full_disk_refuses_events_while_slates_go_on_and_heals_by_itself(shop: Shop) -> None:
    with served(shop, flush_seconds=3600.0) as (client, service):
        connection = service.journal._store._connection
        connection.execute("PRAGMA max_page_count = 24")  # SQLite's own way to run out of room
        answers = {name: client.post("/api/events", json=act(name)) for name in (f"full-{at}" for at in range(60))}
        refused = [answer for answer in answers.values() if answer.status_code != 200]
        taken = {name for name, answer in answers.items() if answer.status_code == 200}
        assert taken
        assert refused
        assert all(answer.status_code == 503 and answer.headers["retry-after"] == "1" for answer in refused)
        assert body_of(client)["fallback"] is None
        connection.execute("PRAGMA max_page_count = 1000000")
        assert client.post("/api/events", json=act("after")).json() == {"accepted": 1, "duplicates": 0}
    with Journal(shop.journal) as journal:
        assert journal.waiting() == 0
    logged = shop.log.scan("interactions").collect()["event_id"].to_list()
    kept = {name for name in logged if name.startswith("full-") or name == "after"}
    assert kept == taken | {"after"}


@dataclass(frozen=True)
class Hanging:
    """A source that asks somebody who does not answer."""

    gate: threading.Event
    name: str = "hanging"

    def propose(self, query: Query) -> Proposal:
        self.gate.wait()
        return NOTHING


def test_a_source_that_hangs_is_done_without(shop: Shop) -> None:
    gate = threading.Event()
    with served(shop, deadline_ms=400.0, cache_mb=0) as (client, service):
        bundle = service.bundle()
        stages = bundle.pipeline.stages
        pipeline = Pipeline(bundle.pipeline.recipe, bundle.world)
        vars(pipeline)["stages"] = replace(stages, sources=(*stages.sources, Apart(Hanging(gate))))
        service.pointer.bundle = replace(bundle, pipeline=pipeline)
        for _ in range(12):
            body = body_of(client)
            assert (len(body["items"]), body["fallback"], body["skipped"]) == (10, None, ["hanging"])
        assert value_of(client, 'slatewright_stage_failures_total{name="hanging",stage="source"}') > 0
        gate.set()
        until(lambda: "hanging" not in str(service.answer(service.bundle(), ASKED).trace.notes))


def test_events_that_wait_for_the_disk_hold_up_no_slate_and_are_turned_away_when_too_many(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    with served(shop, max_waiting_events=8, cache_mb=0) as (client, service), ThreadPoolExecutor(8) as pool:
        append = service.journal.append_together
        monkeypatch.setattr(service.journal, "append_together", lambda events: (gate.wait(), append(events))[1])
        waiting = [pool.submit(client.post, "/api/events", json=act(f"w{at}")) for at in range(4)]
        until(lambda: value_of(client, "slatewright_intake") == 8)  # of two kilobytes each
        refused = client.post("/api/events", json=act("one more"))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert body_of(client)["fallback"] is None
        gate.set()
        assert {answer.result().status_code for answer in waiting} == {200}


def test_who_looks_how_things_are_holds_up_nobody_and_is_turned_away_when_too_many(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(explanations, "why", lambda *about: why(*about) if gate.wait() else None)
    with served(shop, max_waiting=1, cache_mb=0) as (client, _), ThreadPoolExecutor(8) as pool:
        item = body_of(client)["items"][0]["item_id"]
        paths = [f"/api/why/u00003/{item}", f"/api/why-not/u00003/{item}", f"/api/why/u00004/{item}"]
        asked = [pool.submit(client.get, path) for path in paths]
        until(lambda: any(one.done() for one in asked))  # one has a thread, one waits
        for path in (*paths, "/api/history/u00003", "/api/slates", "/slates", "/api/shop"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert body_of(client)["fallback"] is None
        assert client.post("/api/events", json=act("meanwhile")).json()["accepted"] == 1
        assert client.get("/api/health/ready").status_code == 200
        gate.set()
        assert sorted(answer.result().status_code for answer in asked) == [200, 200, 503]


@pytest.mark.parametrize("path", ["/api/events", "/api/session/recommend"])
def test_a_body_that_never_comes_costs_others_nothing(shop: Shop, path: str) -> None:
    with served(shop) as (client, _):
        host, port = str(client.base_url).removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as slow:
            slow.sendall(f"POST {path} HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\n".encode())
            assert body_of(client)["fallback"] is None
