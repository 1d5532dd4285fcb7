"""Every event counts once in what features read, whatever happens to the server meanwhile."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import redis

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.errors import BadKnob
from slatewright.events.journal import Journal
from slatewright.events.records import Impression, Interaction
from slatewright.features import Count, FeatureSet, Rate, Recency
from slatewright.features.layout import Numbers
from slatewright.features.state import LiveCounts
from slatewright.lifecycle.training import train
from slatewright.pipeline.world import World
from slatewright.serve.counting import Counting, count_until, everything_since
from slatewright.serve.metrics import Metrics
from slatewright.serve.service import Service
from slatewright.serve.settings import Serving
from slatewright.store.shop import Shop
from slatewright.testing.shops import town_shop
from slatewright.testing.town import AS_OF, town_pipeline

COUNTED = FeatureSet((Count("view", 3), Count("view"), Rate("view", "impression", 7, prior_weight=1), Recency("view")))
BOUND = COUNTED.bind(town_pipeline().world.catalogue)
ALL = np.arange(25, dtype=np.int32)
NOW = AS_OF + 20 * DAY

LEARNED = """
from slatewright.features import Count, HistoryCount, Rate
from slatewright.models import Popularity
from slatewright.pipeline import LearnedScore, ModelSource, Recipe, SourceRank

recipe = Recipe(
    estimators={"popular": Popularity()},
    sources=(ModelSource("popular"),),
    score=LearnedScore(features=(SourceRank(), Count("view", 7), Rate("purchase", "view"), HistoryCount())),
)
"""
KILLED = """
import os, signal, sys, threading
from pathlib import Path
from slatewright.store.shop import Shop
from slatewright.events.journal import Journal
from slatewright.serve.counting import Counting
from tests.serve.test_counting import views, world

shop = Shop.open(sys.argv[1])
with Journal(shop.journal) as journal:
    counting = Counting(shop, journal)
    counting.prepare(world(shop))
    threading.Timer(float(sys.argv[2]), os.kill, (os.getpid(), signal.SIGKILL)).start()
    for batch in range(100_000):
        journal.append(views(f"{os.getpid()}-{batch}", 3))
        counting.catch_up()
        counting.save()
"""


def world(shop: Shop, as_of: int = AS_OF, version: str = "b1") -> World:
    """A world that counted what the log knew before ``as_of``."""
    frame = shop.log.scan("interactions", before=as_of).collect()
    counts = LiveCounts(BOUND.counters(frame, as_of))
    return replace(town_pipeline().world, features=BOUND, counts=counts, as_of=as_of, version=version)


def views(name: str, n: int, *, day: float = 1.0) -> list[Interaction]:
    """Views of different items after the bundle was made."""
    draw = np.random.default_rng(sum(name.encode()))
    return [
        Interaction(f"{name}-{at}", "u001", f"i{int(item):03d}", "view", AS_OF + round((day + at / 100) * DAY))
        for at, item in enumerate(draw.integers(26, size=n))  # i025 is in no catalogue
    ]


def read(world: World) -> Numbers:
    assert world.counts is not None
    return world.counts.gather(BOUND.layout, ALL, NOW)


def trained(shop: Shop, journal: Journal) -> Numbers:
    """What a training would count of the log and of all that waits for it."""
    journal.flush(shop.log)
    frame, _ = everything_since(shop.log, journal, 0)
    return BOUND.counters(frame, NOW).gather(BOUND.layout, ALL, NOW)


def same(found: Numbers, wanted: Numbers) -> None:
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return town_shop(tmp_path / "town")


@pytest.fixture
def journal(shop: Shop) -> Iterator[Journal]:
    with Journal(shop.journal) as opened:
        yield opened


def test_what_is_acknowledged_counts_once_and_at_once(shop: Shop, journal: Journal) -> None:
    live = world(shop)
    counting = Counting(shop, journal)
    counting.prepare(live)
    before = read(live)
    journal.append(views("a", 30), [Impression("s", "slate", "u001", ("i001", "i002", "i001"), AS_OF + DAY)])
    journal.append(views("a", 30))
    counting.catch_up()
    counting.look_after()
    same(read(live), trained(shop, journal))
    assert (read(live) != before).any()


def test_of_an_instant_what_came_later_counts_nothing(shop: Shop, journal: Journal) -> None:
    journal.append(views("a", 20, day=1.0))
    then = world(shop)
    count_until(shop, journal, then, AS_OF + 2 * DAY)
    before = read(then)
    same(before, trained(shop, journal))
    journal.append(views("b", 20, day=3.0))
    Counting(shop, journal).prepare(world(shop))
    for instant, likewise in ((AS_OF + 2 * DAY, True), (AS_OF + 4 * DAY, False)):
        again = world(shop)
        count_until(shop, journal, again, instant)
        assert np.array_equal(read(again), before) == likewise


@pytest.mark.parametrize("saved", [True, False], ids=["with a snapshot", "without"])
def test_a_start_goes_on_with_equal_numbers(shop: Shop, journal: Journal, saved: bool) -> None:
    live = world(shop)
    counting = Counting(shop, journal)
    counting.prepare(live)
    journal.append(views("a", 20))
    counting.catch_up()
    if saved:
        counting.save()
    journal.append(views("b", 20))
    journal.flush(shop.log)
    journal.append(views("c", 20))
    counting.catch_up()
    started = world(shop)
    Counting(shop, journal).prepare(started)
    same(read(started), read(live))
    same(read(started), trained(shop, journal))


def test_a_snapshot_is_gone_on_from(shop: Shop, journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(shop, journal)
    counting.prepare(world(shop))
    journal.append(views("a", 20))
    counting.catch_up()
    counting.stop()
    monkeypatch.setattr("slatewright.serve.counting.everything_since", lambda *_: pytest.fail("the log was read"))
    started = world(shop)
    Counting(shop, journal).prepare(started)
    same(read(started), trained(shop, journal))


def test_events_on_their_way_to_the_log_count_once(shop: Shop, journal: Journal) -> None:
    journal.append(views("logged", 10))
    journal.flush(shop.log)
    journal.append(views("taken by a flush that died", 10))
    journal._store.take("interactions", 100)
    journal.append(views("pending", 10))
    live = world(shop)
    Counting(shop, journal).prepare(live)
    same(read(live), trained(shop, journal))


def test_another_bundle_counts_from_its_own_instant(shop: Shop, journal: Journal) -> None:
    counting = Counting(shop, journal)
    counting.prepare(world(shop))
    journal.append(views("a", 30), [])
    journal.append(views("late", 30, day=3))
    counting.catch_up()
    counting.save()
    journal.flush(shop.log)
    later = world(shop, AS_OF + 2 * DAY, "b2")
    counting.prepare(later)
    journal.append(views("c", 30, day=4))
    counting.catch_up()
    counting.save()
    same(read(later), trained(shop, journal))
    assert [path.name for path in shop.counts.iterdir()] == ["b2.npz"]


def test_servers_on_one_journal_count_the_same(shop: Shop, journal: Journal) -> None:
    with Journal(shop.journal) as other_journal:
        worlds = [world(shop), world(shop)]
        countings = [Counting(shop, one) for one in (journal, other_journal)]
        for counting, live in zip(countings, worlds, strict=True):
            counting.prepare(live)
        journal.append(views("a", 10))
        other_journal.append(views("b", 10))
        for counting in countings:
            counting.look_after()
        same(read(worlds[0]), read(worlds[1]))
        same(read(worlds[0]), trained(shop, journal))


@pytest.mark.long
def test_killed_at_any_moment_it_goes_on_with_equal_numbers(shop: Shop) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", KILLED, str(shop.root), "0.3"]
    paths = {**os.environ, "PYTHONPATH": str(root)}
    killed = subprocess.run(command, check=False, cwd=root, env=paths, stderr=subprocess.PIPE)
    assert killed.returncode == -9, killed.stderr.decode()
    with Journal(shop.journal) as journal:
        assert journal.waiting() > 0
        live = world(shop)
        Counting(shop, journal).prepare(live)
        same(read(live), trained(shop, journal))


def test_a_bundle_without_features_counts_nothing(shop: Shop, journal: Journal) -> None:
    counting = Counting(shop, journal)
    counting.prepare(replace(world(shop), features=None))
    journal.append(views("a", 10))
    counting.catch_up()
    counting.save()
    assert not shop.counts.exists()


def test_kinds_of_no_weight_are_left_out_as_in_training(shop: Shop, journal: Journal) -> None:
    settings = {**shop.settings, "weights": {"view": 1.0, "internal": 0.0}}
    live, wanted = world(shop), read(world(shop))
    nothing = [replace(one, kind="internal") for one in views("a", 20)]
    bound = FeatureSet((Count("internal"), Count())).bind(live.catalogue)
    live = replace(live, features=bound, counts=LiveCounts(bound.nothing(AS_OF)))
    journal.append(nothing[:10])
    counting = Counting(replace(shop, settings=settings), journal)
    counting.prepare(live)
    journal.append(nothing[10:])
    counting.catch_up()
    assert live.counts is not None
    assert not live.counts.gather(bound.layout, ALL, NOW).any()
    assert wanted.any()


def test_a_learned_score_reads_what_the_server_counts_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    shop = town_shop(tmp_path / "town", recipe=LEARNED)
    train(shop, now=AS_OF, as_of=AS_OF, promote=True)
    found: list[Numbers] = []
    for name in ("a", "b"):
        service = Service(shop, Serving(flush_seconds=3600, watch_seconds=3600), Metrics())
        service.start()
        service.accept(views(name, 10), [])
        live = service.bundle().world
        assert live.features is not None
        assert live.counts is not None
        everything = np.arange(len(live.catalogue), dtype=np.int32)
        found.append(live.counts.gather(live.features.layout, everything, NOW))
        service.stop()
        with Journal(shop.journal) as journal:
            frame, _ = everything_since(shop.log, journal, 0)
        same(found[-1], live.features.counters(frame, NOW).gather(live.features.layout, everything, NOW))
    assert (found[0] != found[1]).any()


def test_counts_in_redis_need_its_address(shop: Shop) -> None:
    with pytest.raises(BadKnob, match="counts_in_redis needs the address of a Redis in SLATEWRIGHT_REDIS_URL"):
        Service(shop, Serving(counts_in_redis=True), Metrics())


@pytest.mark.redis
def test_a_redis_that_came_back_empty_is_filled_again(shop: Shop, journal: Journal, redis_url: str) -> None:
    live = world(shop)
    counting = Counting(shop, journal, redis_url)
    with redis.Redis.from_url(redis_url) as server:
        server.flushall()
        counting.prepare(live)
        journal.append(views("a", 30))
        counting.catch_up()
        same(read(live), trained(shop, journal))
        server.flushall()
        counting.look_after()
        same(read(live), trained(shop, journal))


@pytest.mark.redis
def test_without_its_redis_it_reads_as_in_training(shop: Shop, journal: Journal, tmp_path: Path) -> None:
    live = world(shop)
    wanted = read(live)
    counting = Counting(shop, journal, f"unix://{tmp_path}/nobody.sock")
    counting.prepare(live)
    journal.append(views("a", 30))
    counting.catch_up()
    counting.look_after()
    same(read(live), wanted)
    assert pl.concat(journal.pending()[name].select("event_id") for name in ("interactions",)).height == 30
