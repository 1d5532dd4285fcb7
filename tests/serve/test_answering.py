"""Answers over HTTP: kept until something changes, always there, whatever hangs or breaks."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from slatewright.core.clock import wall_clock
from slatewright.evaluate.clicked import clicks_on_slates
from slatewright.events.records import Interaction
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.slate import Slate
from slatewright.pipeline.stages import Stages
from slatewright.serve.app import REDIS_URL
from slatewright.serve.responses import SlateOut
from slatewright.serve.running import app_in_background
from slatewright.serve.service import Service
from slatewright.serve.settings import Serving
from slatewright.store.shop import Shop
from tests.serve.test_live_bundle import until

POPULAR_SLATES = 'slatewright_slates_total{fallback="popular"}'


def body_of(client: httpx.Client, user: str = "u00003", **wishes: Any) -> dict[str, Any]:
    answer = client.get(f"/api/recommend/{user}", params=wishes)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def ids(body: dict[str, Any]) -> list[str]:
    return [item["item_id"] for item in body["items"]]


def made(body: dict[str, Any]) -> str:
    """The slate of an answer: what its slate_id says before the dot."""
    return str(body["slate_id"]).partition(".")[0]


def same(body: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two answers are of one slate; each has a slate_id of its own."""
    told = [{**one, "slate_id": made(one)} for one in (body, other)]
    return told[0] == told[1] and body["slate_id"] != other["slate_id"]


@contextmanager
def served(shop: Shop, **settings: Any) -> Iterator[tuple[httpx.Client, Service]]:
    """An app with its service at hand, so that a test can break it."""
    serving = replace(shop.knobs("serve", Serving), port=0, **settings)
    with app_in_background(shop, serving) as (url, app), httpx.Client(base_url=url, timeout=20) as client:
        yield client, app.state.service


@dataclass(frozen=True)
class Exchanged(Pipeline):
    """A pipeline that does something before it answers."""

    before: Callable[[Stages], None] = lambda stages: None

    def answer(self, query: Query, stages: Stages | None = None) -> Slate:
        self.before(stages or self.stages)
        return super().answer(query, stages)


def exchange(service: Service, before: Callable[[Stages], None]) -> None:
    """Let the live bundle do something before each answer."""
    bundle = service.bundle()
    pipeline = Exchanged(bundle.pipeline.recipe, bundle.pipeline.world, before=before)
    service.pointer.bundle = replace(bundle, pipeline=pipeline)


def wait_for(gate: threading.Event) -> None:
    gate.wait()


def value_of(client: httpx.Client, metric: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(f"{metric} "))


@pytest.mark.parametrize("wishes", [{}, {"k": 7}, {"n": 3, "offset": 2}, {"surface": "ho me", "slot": "grid"}])
def test_both_ways_to_a_slate_give_the_same_answer(reader: httpx.Client, wishes: dict[str, Any]) -> None:
    short, long = body_of(reader, "u00009", **wishes), body_of(reader, "u00009", **wishes, exclude="nothing")
    assert short.pop("slate_id") != long.pop("slate_id")
    assert short == long


def test_the_answer_is_what_the_api_page_says(reader: httpx.Client) -> None:
    raw = reader.get("/api/recommend/u00009").content
    slate = TypeAdapter(SlateOut).validate_json(raw, strict=True)
    assert slate.json() == raw


def test_the_same_question_gets_the_same_answer_until_the_user_acts(client: httpx.Client) -> None:
    first, other = body_of(client), body_of(client, "u00004")
    assert same(body_of(client), first)
    assert made(body_of(client, k=5)) != made(first)
    act = {"user_id": "u00003", "item_id": ids(first)[0]}
    client.post("/api/events", json={"interactions": [act]}).raise_for_status()
    after = body_of(client)
    assert made(after) != made(first)
    assert act["item_id"] not in ids(after)
    assert same(body_of(client, "u00004"), other)


def test_like_items_are_kept_too_but_not_what_a_body_asks(client: httpx.Client) -> None:
    like = [client.get("/api/item-to-item/COF-0000").json() for _ in range(2)]
    assert same(*like)
    session = [made(client.post("/api/session/recommend", json={}).json()) for _ in range(2)]
    assert session[0] != session[1]


def test_what_comes_of_two_answers_of_one_slate_counts_apart(client: httpx.Client, shop: Shop) -> None:
    answers = [client.get("/api/item-to-item/COF-0000").json() for _ in range(3)]
    assert len({one["slate_id"] for one in answers}) == 3
    shown = [{"slate_id": one["slate_id"], "item_ids": ids(one), "user_id": f"v{at}"} for at, one in enumerate(answers)]
    clicks = [
        {"slate_id": one["slate_id"], "item_id": ids(one)[0], "user_id": f"v{at}"} for at, one in enumerate(answers[1:])
    ]
    client.post("/api/events", json={"interactions": clicks, "impressions": shown}).raise_for_status()
    until(lambda: client.get("/api/health/ready").json()["pending"] == 0)
    everywhere, *_ = clicks_on_slates(shop.log.scan("impressions"), shop.log.scan("interactions"), k=10)
    assert (everywhere.slates, everywhere.clicks) == (3, 2)


def test_another_bundle_and_changed_facts_make_answers_anew(shop: Shop) -> None:
    with served(shop) as (client, service):
        first = body_of(client)
        service.pointer.bundle = replace(service.bundle(), version="another")
        second = body_of(client)
        assert second["version"] == "another"
        assert same(body_of(client), second)
        told = {"item_id": ids(second)[0], "facts": {"price": 77}}
        client.post("/api/items", json={"items": [told]}).raise_for_status()
        assert len({made(one) for one in (body_of(client), second, first)}) == 3


@pytest.mark.parametrize("settings", [{"cache_seconds": 0}, {"cache_mb": 0}])
def test_answers_age_and_need_not_be_kept(shop: Shop, settings: dict[str, float]) -> None:
    with served(shop, **settings) as (client, _):
        assert made(body_of(client)) != made(body_of(client))


def test_the_metrics_tell_where_answers_come_from(shop: Shop) -> None:
    with served(shop) as (client, _):
        for _ in range(3):
            body_of(client)
        assert value_of(client, 'slatewright_cache_total{where="none"}') == 1
        assert value_of(client, 'slatewright_cache_total{where="memory"}') == 2
        assert value_of(client, "slatewright_cache_bytes") > 1000
        assert value_of(client, "slatewright_waiting") == 0


def test_a_slate_that_hangs_is_left_behind_at_its_deadline_and_the_server_lives_on(shop: Shop) -> None:
    gate = threading.Event()
    with served(shop, deadline_ms=50.0, threads=1) as (client, service):
        seen = ids(body_of(client))
        before = value_of(client, POPULAR_SLATES)
        exchange(service, lambda stages: wait_for(gate))
        service.accept([Interaction("e1", "u00003", seen[0], "view", wall_clock())], [])
        for _ in range(3):
            hanging = body_of(client, k=5)
            assert hanging["fallback"] == "popular"
            assert len(hanging["items"]) == 5
            assert seen[0] not in ids(hanging)
        assert value_of(client, "slatewright_stuck_threads") >= 1
        assert value_of(client, POPULAR_SLATES) == before + 3
        assert value_of(client, 'slatewright_failures_total{work="slate in time"}') == before + 3
        exchange(service, lambda stages: None)
        until(lambda: body_of(client, k=6)["fallback"] is None)
        gate.set()
        until(lambda: value_of(client, "slatewright_stuck_threads") == 0)


def test_an_answer_that_broke_falls_back_to_the_one_before_it(shop: Shop) -> None:
    with served(shop) as (client, service):
        first = body_of(client)

        def breaking(stages: Stages) -> None:
            if len(stages.sources) != 1:
                raise RuntimeError("out of order")

        exchange(service, breaking)
        service.accept([Interaction("e1", "u00003", ids(first)[0], "view", wall_clock())], [])
        second = body_of(client)
        assert second["fallback"] == "cached"
        assert ids(second)[:9] == ids(first)[1:]
        assert ids(first)[0] not in ids(second)
        exchange(service, lambda stages: None)
        assert body_of(client)["fallback"] is None  # what a lower step gave was not kept


def test_when_every_step_breaks_there_are_still_popular_items(shop: Shop) -> None:
    with served(shop) as (client, service):

        def breaking(stages: Stages) -> None:
            raise RuntimeError("out of order")

        exchange(service, breaking)
        body = body_of(client)
        assert (body["fallback"], len(body["items"])) == ("popular", 10)
        like = client.get("/api/item-to-item/" + ids(body)[0]).json()
        assert ids(body)[0] not in ids(like)
        assert like["fallback"] == "popular"


def test_more_than_may_be_open_are_sent_away_with_a_time_to_come_back(shop: Shop) -> None:
    gate, users = threading.Event(), [f"u{at:05}" for at in range(1, 9)]
    with served(shop, threads=1, max_waiting=1, max_open=2, deadline_ms=60_000) as (client, service):
        exchange(service, lambda stages: wait_for(gate))
        with ThreadPoolExecutor(8) as pool:
            open_now = [pool.submit(body_of, client, user) for user in users[:2]]
            until(lambda: value_of(client, "slatewright_waiting") == 2)
            refused = client.get("/api/recommend/u00007")
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
            assert client.get("/api/health/ready").status_code == 200
            gate.set()
            assert all(answer.result()["fallback"] is None for answer in open_now)
        assert body_of(client, "u00003")["fallback"] is None
        assert value_of(client, "slatewright_shed_total") == 1


def test_a_full_queue_is_answered_with_popular_items(shop: Shop) -> None:
    gate = threading.Event()
    with served(shop, threads=1, max_waiting=1, deadline_ms=60_000) as (client, service):
        exchange(service, lambda stages: wait_for(gate))
        with ThreadPoolExecutor(2) as pool:
            open_now = [pool.submit(body_of, client, user) for user in ("u00001", "u00002")]
            until(lambda: value_of(client, "slatewright_waiting") == 2)
            assert body_of(client, "u00005")["fallback"] == "popular"
            gate.set()
            assert all(answer.result()["fallback"] is None for answer in open_now)


@pytest.mark.redis
def test_a_shared_cache_serves_another_server_and_its_death_costs_no_answer(
    shop: Shop, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REDIS_URL, redis_url)
    with served(shop) as (client, _):
        first = body_of(client)
    with served(shop) as (client, _):
        assert same(body_of(client), first)
        assert value_of(client, 'slatewright_cache_total{where="redis"}') == 1
    monkeypatch.setenv(REDIS_URL, redis_url + ".gone")
    with served(shop) as (client, _):
        assert [body_of(client)["fallback"] for _ in range(3)] == [None] * 3
