"""The service without HTTP: it waits for a busy log, cuts pages, reaches back as far as the bundle needs."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import polars as pl
import pytest

from slatewright.core.clock import wall_clock
from slatewright.events.records import Interaction
from slatewright.pipeline.request import Request
from slatewright.serve.asked import Asked
from slatewright.serve.metrics import Metrics
from slatewright.serve.refusing import NotReady
from slatewright.serve.replaying import GRACE
from slatewright.serve.service import Service
from slatewright.serve.settings import Serving
from slatewright.store.shop import Shop

QUIET = Serving(flush_seconds=3600, watch_seconds=3600)


@pytest.fixture
def service(shop: Shop) -> Iterator[Service]:
    """A service whose background work never wakes up by itself."""
    running = Service(shop, QUIET, Metrics())
    running.start()
    yield running
    running.stop()


def view(name: str, item: str, user: str = "u00003", time: int | None = None) -> Interaction:
    return Interaction(name, user, item, "view", wall_clock() if time is None else time)


def ids(service: Service, k: int = 10, offset: int = 0) -> list[str]:
    request = Request(k + offset, wall_clock(), user_id="u00003")
    slate = service.answer(service.bundle(), Asked(request, offset))
    return [item.item_id for item in slate.items]


def test_events_are_taken_while_another_process_writes_the_log(service: Service, shop: Shop) -> None:
    item = ids(service)[0]
    with shop.log.lock(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(service.accept, [view("one", item)], []).result().accepted == 1
        assert pool.submit(service.flush).result() == 0
        assert service.journal.waiting() == 1
        assert item not in ids(service)
    assert service.flush() == 1
    assert service.journal.waiting() == 0
    assert shop.log.scan("interactions").filter(pl.col("event_id") == "one").collect().height == 1


def test_pages_follow_each_other(service: Service) -> None:
    whole = ids(service, 12)
    assert ids(service, 5) + ids(service, 5, offset=5) + ids(service, 2, offset=10) == whole


def test_late_events_and_those_of_training_are_remembered_after_a_restart(shop: Shop) -> None:
    before = Service(shop, QUIET, Metrics())
    before.start()
    as_of, item = before.bundle().world.as_of, ids(before)[0]
    late, ancient = as_of - GRACE // 2, as_of - 2 * GRACE
    before.accept([view("late", item, time=late), view("ancient", ids(before)[1], time=ancient)], [])
    before.stop()
    after = Service(shop, QUIET, Metrics())
    after.start()
    assert [event.event_id for event in after.live.read("u00003") if event.event_id in ("late", "ancient")] == ["late"]
    assert item not in ids(after)
    after.stop()


def test_freed_memory_goes_back_to_the_system_again_and_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, twice = count(1), threading.Event()

    def give_back() -> None:
        if next(calls) == 2:
            twice.set()

    monkeypatch.setattr("slatewright.serve.service.GIVE_BACK_SECONDS", 0.001)
    monkeypatch.setattr("slatewright.serve.service.give_back", give_back)
    service = Service(shop, QUIET, Metrics())
    service.start()
    assert twice.wait(10)
    service.stop()


def test_a_bundle_that_is_not_there_is_told(shop: Shop) -> None:
    (shop.bundles / "live").unlink()
    service = Service(shop, QUIET, Metrics())
    service.start()
    with pytest.raises(NotReady, match="no bundle is live; make one with: slatewright train"):
        service.bundle()
    service.stop()
