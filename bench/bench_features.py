"""Features: how long one request takes to read 30 of them for 500 items, how fast a log is replayed, what states cost.

    .venv/bin/python bench/bench_features.py [--events 2000000]

A shop of 100,000 items in 200 categories and 1,000 brands, 200,000 users, Zipf popularity, two months. Histories of 50
events; 500 candidates drawn anew for each request, so that no cell is in the processor's cache from the one before.
A start goes on from a snapshot and counts 10,000 rows of the journal that came after it. Redis is a server of its own
on this machine; without one its figures are left out.
"""

import argparse
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from harness import record, timed

from slatewright.core.arrays import Index
from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.clock import instant
from slatewright.data.catalogue import Catalogue
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.data.interactions import Interactions
from slatewright.events.journal import Journal
from slatewright.events.records import Interaction
from slatewright.features import (
    Activity,
    BoundFeatures,
    Count,
    FeatureSet,
    HistoryCount,
    HistoryRecency,
    HistoryShare,
    Moment,
    Moments,
    Newness,
    Price,
    PriceAgainstHabit,
    Rate,
    Recency,
    SessionCount,
    Surface,
    Together,
    Trend,
)
from slatewright.features.counters import Counters
from slatewright.features.redis_state import RedisState
from slatewright.features.sets import Counts
from slatewright.features.snapshot import restore, save
from slatewright.features.state import Arrival, MemoryState, State
from slatewright.serve.counting import occurrences

START, DAYS = instant("2024-01-01"), 60
N_ITEMS, N_USERS, N_CANDIDATES, HISTORY = 100_000, 200_000, 500, 50
KINDS = ("view", "cart", "purchase")
BARS = {"read_ms": 0.25}
NOW = START + DAYS * DAY
THIRTY = FeatureSet(
    (
        Count("view", 1), Count("view", 7), Count("view", 30), Count("purchase", 7), Count("purchase", 60),
        Count("purchase", 7, by="brand"), Count("purchase", 7, by="category"),
        Rate("purchase", "view", 30), Rate("cart", "view", 30), Rate("purchase", "view", 30, by="brand"),
        Recency("purchase"), Recency("view", 1), Newness(), Trend("view"), Trend("purchase"),
        HistoryCount(), HistoryCount("purchase"), HistoryCount(None, 7, by="category"),
        HistoryCount(None, 7, by="brand"), HistoryShare(None, 30), HistoryShare("purchase", 60, by="brand"),
        HistoryRecency(), HistoryRecency(by="category"), HistoryRecency(by="brand"), SessionCount(), Activity(None, 30),
        PriceAgainstHabit(), Together(), Price(), Surface("home"),
    )
)  # fmt: skip


def catalogue(draw: np.random.Generator) -> Catalogue:
    facts = pl.DataFrame(
        {
            "item_id": [f"item-{at:06d}" for at in range(N_ITEMS)],
            "category": [f"category {at}" for at in draw.integers(200, size=N_ITEMS)],
            "brand": [f"brand {at}" for at in draw.integers(1000, size=N_ITEMS)],
            "price": draw.lognormal(3, 1, size=N_ITEMS),
        }
    )
    nothing = pl.DataFrame(schema={"user_id": pl.String, "item_id": pl.String})
    return Catalogue.of(dataset_of(nothing, item_facts=facts))


def interactions(n: int, draw: np.random.Generator) -> Interactions:
    """Events of two months, by user and time."""
    chance = 1 / np.arange(1, N_ITEMS + 1) ** 0.8
    item = draw.permutation(N_ITEMS)[draw.choice(N_ITEMS, size=n, p=chance / chance.sum())].astype(np.int32)
    user = draw.integers(N_USERS, size=n).astype(np.int32)
    time_of = START + draw.integers(DAYS * DAY, size=n)
    order = np.lexsort((time_of, user))
    kind = draw.choice(3, size=n, p=[0.8, 0.12, 0.08]).astype(np.int8)
    ones = np.ones(n, dtype=np.float32)
    return Interactions(user[order], item[order], kind, ones, ones, time_of[order], KINDS)


def histories_of(table: Interactions) -> Histories:
    offsets = np.concatenate([[0], np.cumsum(np.bincount(table.user, minlength=N_USERS))]).astype(np.int64)
    return Histories(offsets, table.item, table.weight, table.time, kinds=table.kind, kind_names=KINDS)


def reading(bound: BoundFeatures, counts: Counts, table: Interactions, draw: np.random.Generator) -> dict[str, Any]:
    """One request at a time, one thread; milliseconds."""
    taken = []
    for _ in range(1200):
        at = draw.integers(len(table) - HISTORY)
        rows = np.arange(at, at + HISTORY)
        times = np.sort(table.time[rows])
        history = Histories(
            np.array([0, HISTORY]),
            table.item[rows],
            table.weight[rows],
            times,
            kinds=table.kind[rows],
            kind_names=KINDS,
        )
        items: Index = draw.choice(N_ITEMS, size=N_CANDIDATES, replace=False).astype(np.int32)
        moment = Moment(NOW, history, surface="home")
        start = time.perf_counter()
        bound.read(moment, items, counts)
        taken.append(1000 * (time.perf_counter() - start))
    p50, p99 = np.percentile(taken[200:], [50, 99])
    return {"read_ms": round(float(p50), 3), "read_p99_ms": round(float(p99), 3)}


def replaying(bound: BoundFeatures, table: Interactions, draw: np.random.Generator) -> dict[str, Any]:
    """Requests of the last month with 100 items each; rows of 30 numbers a second."""
    n = 20_000
    moments = Moments(
        START + draw.integers(30 * DAY, DAYS * DAY, size=n),
        histories_of(table),
        draw.integers(N_USERS, size=n).astype(np.int32),
        ["home"] * n,
    )
    offsets = np.arange(n + 1) * 100
    items = draw.integers(N_ITEMS, size=100 * n).astype(np.int32)
    run = timed(lambda: bound.replay(table, moments, offsets, items), repeats=3, warmups=1)
    return {"replay_rows": 100 * n, "replay_s": round(run.median, 2), "replay_rows_per_s": round(100 * n / run.median)}


def posted(n: int, name: str, draw: np.random.Generator) -> list[Interaction]:
    """Events after the bundle was made."""
    items, kinds = draw.integers(N_ITEMS, size=n), draw.choice(KINDS, size=n)
    return [
        Interaction(f"{name}-{at}", f"u{at}", f"item-{item:06d}", str(kind), NOW + at)
        for at, (item, kind) in enumerate(zip(items.tolist(), kinds, strict=True))
    ]


def catch_up(bound: BoundFeatures, journal: Journal, state: State) -> None:
    """Count what came since, as the server does."""
    arrived = journal.after(state.position(journal.name) or 0)
    acts = bound.acts(occurrences(arrived))
    assert state.apply(Arrival(arrived.journal, arrived.after, arrived.upto, acts))


def counting(bound: BoundFeatures, counters: Counters, table: Interactions, folder: Path) -> dict[str, Any]:
    """The state of one process: events a second, a post of five events, a snapshot, a start from it."""
    draw = np.random.default_rng(1)
    state = MemoryState(bound.layout, counters)
    nothing = bound.happened(table.take(np.zeros(len(table), dtype=np.bool_))).acts
    acts = bound.happened(table).acts
    acts = acts._replace(times=acts.times + DAYS * DAY)
    counted = timed(lambda: state.begin(Arrival("j", 0, len(table), acts)), repeats=3, warmups=1)
    with Journal(folder / "journal.sqlite") as journal:
        state.begin(Arrival(journal.name, 0, 0, nothing))
        taken = []
        for at in range(200):
            journal.append(posted(5, str(at), draw))
            start = time.perf_counter()
            catch_up(bound, journal, state)
            taken.append(1000 * (time.perf_counter() - start))
        saved = timed(lambda: save(state, folder / "counts.npz", "b"), repeats=5, warmups=1)
        journal.append(posted(10_000, "more", draw))
        started = MemoryState(bound.layout, counters)

        def start_again() -> None:
            assert restore(started, counters, folder / "counts.npz", "b")
            catch_up(bound, journal, started)

        again = timed(start_again, repeats=5, warmups=1)
    return {
        "count_events_per_s": round(len(table) / counted.median),
        "post_ms": round(float(np.median(taken)), 3),
        "snapshot_ms": round(1000 * saved.median, 1),
        "snapshot_mb": round((folder / "counts.npz").stat().st_size / 1e6, 1),
        "start_ms": round(1000 * again.median, 1),
    }


def with_redis(
    bound: BoundFeatures, counters: Counters, table: Interactions, draw: np.random.Generator, folder: Path
) -> dict[str, Any]:
    """The same reads from Redis with a million events counted there; a batch of five events."""
    with redis_server(folder) as url:
        if url is None:
            return {}
        state = RedisState(url, bound.layout, counters, shop="bench", label="b")
        some = table.take(np.arange(len(table)) < 1_000_000)
        acts = bound.happened(some).acts
        acts = acts._replace(times=acts.times + DAYS * DAY)
        begun = timed(lambda: state.begin(Arrival("j", 0, 0, acts)), repeats=1)
        read = reading(bound, state, table, draw)
        taken = []
        for at in range(200):
            few = bound.happened(table.take(np.arange(5 * at, 5 * at + 5))).acts
            few = few._replace(times=few.times + DAYS * DAY)
            start = time.perf_counter()
            assert state.apply(Arrival("j", at, at + 1, few))
            taken.append(1000 * (time.perf_counter() - start))
        state.close()
    return {
        "redis_begin_s": round(begun.median, 2),
        "redis_post_ms": round(float(np.median(taken)), 3),
        **{f"redis_{name}": value for name, value in read.items()},
    }


@contextmanager
def redis_server(folder: Path) -> Iterator[str | None]:
    """A server on a socket, or None where the program is not installed."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    socket = folder / "redis.sock"
    server = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    try:
        while not socket.exists():
            time.sleep(0.01)
        yield f"unix://{socket}"
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=2_000_000)
    asked = parser.parse_args()
    draw = np.random.default_rng(0)
    table = interactions(asked.events, draw)
    bound = THIRTY.bind(catalogue(draw))
    assert len(bound.names) == 30
    made = timed(lambda: bound.counters(table, NOW), repeats=1, warmups=1)
    found = {"events": asked.events, "count_s": round(made.median, 2)}
    found |= reading(bound, made.result, table, draw)
    found |= replaying(bound, table, draw)
    with tempfile.TemporaryDirectory() as name:
        found |= counting(bound, made.result, table, Path(name))
        found |= with_redis(bound, made.result, table, draw, Path(name))
    record("features", {**found, "bars": BARS})


if __name__ == "__main__":
    main()
