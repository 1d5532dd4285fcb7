"""The promoted bundle goes live under load without a failed request; a broken one never does."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from slatewright.core.clock import instant, wall_clock
from slatewright.lifecycle.training import train
from slatewright.pipeline.opening import open_pipeline
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop
from tests.serve.conftest import client_of
from tests.serve.routes.test_slates import items_of

PATIENCE = 20.0
PAST = instant("2024-02-15")


def until(condition: Callable[[], bool]) -> None:
    """Wait for the server to notice."""
    patience, tick = PATIENCE, threading.Event()
    while not condition():
        tick.wait(0.02)
        patience -= 0.02
        assert patience > 0, "the server did not notice"


def ready(client: httpx.Client) -> dict[str, object]:
    body: dict[str, object] = client.get("/api/health/ready").json()
    return body


def test_swap_and_roll_back_under_load(shop: Shop) -> None:
    shelf = Shelf(shop.bundles)
    old = shelf.live()
    new = train(shop, now=wall_clock(), as_of=PAST, promote=False)
    assert old != new
    failures, versions, stop = list[str](), set[str](), threading.Event()

    def ask(worker: int) -> None:
        with httpx.Client(base_url=str(client.base_url), timeout=20) as own:
            while not stop.is_set():
                answer = own.get(f"/api/recommend/u{worker:05}", params={"k": 5})
                if answer.status_code != 200 or len(answer.json()["items"]) != 5:
                    failures.append(answer.text)
                else:
                    versions.add(answer.json()["version"])

    with client_of(shop) as client:
        workers = [threading.Thread(target=ask, args=(worker,)) for worker in range(3)]
        for worker in workers:
            worker.start()
        try:
            for _ in range(2):
                shelf.promote(new, now=wall_clock())
                until(lambda: ready(client)["version"] == new)
                shelf.rollback(now=wall_clock())
                until(lambda: ready(client)["version"] == old)
        finally:
            stop.set()
            for worker in workers:
                worker.join()
    assert failures == []
    assert versions == {old, new}


def test_events_survive_a_swap_in_both_directions(shop: Shop) -> None:
    with client_of(shop) as client:
        item = items_of(client.get("/api/recommend/u00003"))[0]
        act = {"user_id": "u00003", "item_id": item, "kind": "view"}
        client.post("/api/events", json={"interactions": [act]}).raise_for_status()
        older = train(shop, now=wall_clock(), as_of=PAST, promote=True)
        until(lambda: ready(client)["version"] == older)
        assert item not in items_of(client.get("/api/recommend/u00003", params={"k": 60}))
        until(lambda: ready(client)["pending"] == 0)
        newer = train(shop, now=wall_clock(), promote=True)  # has learned the event
        until(lambda: ready(client)["version"] == newer)
        seen = [one["item_id"] for one in client.get("/api/history/u00003").json()]
        assert seen[0] == item
        assert item not in items_of(client.get("/api/recommend/u00003", params={"k": 60}))


def cut_short(folder: Path) -> None:
    largest = max(folder.rglob("*.npy"), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[: largest.stat().st_size // 2])


def lose_a_file(folder: Path) -> None:
    next(folder.rglob("*.npy")).unlink()


def alter(folder: Path) -> None:
    largest = max(folder.rglob("*.npy"), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[-3] ^= 0xFF
    largest.write_bytes(content)


def garble_the_card(folder: Path) -> None:
    (folder / "card.json").write_text('{"kind": "something else"}', encoding="utf-8")


@pytest.mark.parametrize("damage", [cut_short, lose_a_file, alter, garble_the_card])
def test_a_broken_bundle_is_refused_and_the_old_one_stays(shop: Shop, damage: Callable[[Path], None]) -> None:
    shelf = Shelf(shop.bundles)
    old = shelf.live()
    assert old is not None
    broken = "broken-copy"
    shutil.copytree(shelf.folder(old), shop.bundles / broken)
    damage(shop.bundles / broken)
    with client_of(shop) as client:
        (shop.bundles / "live").write_text(broken + "\n", encoding="utf-8")
        until(lambda: ready(client)["refused"] is not None)
        assert ready(client)["version"] == old
        assert ready(client)["ready"] is True
        assert broken in str(ready(client)["refused"])
        assert client.get("/api/recommend/u00003").json()["version"] == old
        assert 'slatewright_live_bundle{version="' + old in client.get("/metrics").text
        (shop.bundles / "live").write_text(old + "\n", encoding="utf-8")
        until(lambda: ready(client)["refused"] is None)


def test_a_server_without_a_bundle_waits_for_one(shop: Shop) -> None:
    version = Shelf(shop.bundles).live()
    assert version is not None
    item = open_pipeline(shop).world.catalogue.items.name(0)
    (shop.bundles / "live").unlink()
    with client_of(shop) as client:
        answer = client.get("/api/recommend/u00003")
        assert answer.status_code == 503
        assert "slatewright train" in answer.json()["detail"]
        assert client.get("/api/health/ready").status_code == 503
        assert client.get("/api/health/live").json() == {"live": True}
        act = {"user_id": "u00003", "item_id": item}
        assert client.post("/api/events", json={"interactions": [act]}).json()["accepted"] == 1
        Shelf(shop.bundles).promote(version, now=wall_clock())
        until(lambda: ready(client)["ready"] is True)
        assert client.get("/api/history/u00003").json()[0]["item_id"] == item


def test_weights_are_those_of_training(shop: Shop) -> None:
    weight_of = shop.weighing()
    assert [weight_of(kind, 1.0) for kind in ("view", "cart", "purchase", "internal", "a word of your own")] == [
        1,
        3,
        5,
        None,
        1,
    ]
