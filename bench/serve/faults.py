"""Faults of the world around a server, while slates and events are asked for as they come.

    redis     killed after a third of the time and started again, empty, after two; it holds answers and counts
    source    one of the sources hangs for a third of the time
    bundle    one with a flipped byte is promoted
    disk      the file system (a small one in memory) is filled to the last byte, and emptied again
    crowd     ten times what is sustained, on one core

Each is met if every answer was 200 or 503 with Retry-After, the log has what was acknowledged, once, without a hand,
and the whole recipe answers again afterwards.
"""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import uvloop
from arrivals import Plan, get, offer, post
from shops import Server, Way, serving

from slatewright.core.clock import wall_clock
from slatewright.events.log import EventLog
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop

RATE = 80  # requests per second, one in four of which brings an event
PATIENCE = 60.0  # seconds until what was acknowledged must be in the log and the whole recipe answers again
ROOM_MB = 64  # what the small disk has besides the shop
CORRUPT = "20990101T000000-0000000000"
SMALL_DISK = 'mount -t tmpfs -o size="$0" tmpfs "$1" && cp -a "$2"/. "$1" && shift 2 && exec "$@"'


@dataclass(frozen=True)
class Fault:
    """What happens after a third of the time, and after two."""

    begin: Callable[[], object]
    end: Callable[[], object]


@dataclass(frozen=True)
class Faults:
    """The faults that one shop meets, whose recipe is ``hanging``."""

    shop: Shop
    sustainable: int
    seconds: float

    def all(self) -> dict[str, Any]:
        """Each of them, and whether all were met."""
        told = {name: getattr(self, name)() for name in ("redis", "source", "bundle", "disk", "crowd")}
        bar = "200 or 503 with Retry-After only, what was acknowledged is in the log once, whole slates afterwards"
        return {"faults": told, "bar": bar, "met": all(one["met"] for one in told.values())}

    def redis(self) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "redis.sock"
            running = [_redis(path)]
            fault = Fault(running[0].kill, lambda: running.append(_redis(path)))
            try:
                way = Way(environment={"SLATEWRIGHT_REDIS_URL": f"unix://{path}"})
                with serving(self.shop, way, deadline_ms=200, flush_seconds=1, counts_in_redis="true") as server:
                    told = self._meet("redis", server, fault)
                    keys = subprocess.run(
                        ["redis-cli", "-s", path, "dbsize"], check=True, capture_output=True, text=True
                    )
                return {**told, "keys_afterwards": int(keys.stdout), "met": told["met"] and int(keys.stdout) > 0}
            finally:
                for one in running:
                    one.kill()
                    one.wait()

    def source(self) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "hang"
            way = Way(environment={"SLATEWRIGHT_BENCH_HANG": str(path)})
            with serving(self.shop, way, deadline_ms=200, flush_seconds=1, cache_mb=0) as server:
                return self._meet("source", server, Fault(path.touch, path.unlink))

    def bundle(self) -> dict[str, Any]:
        shelf, seen = Shelf(self.shop.bundles), list[Any]()
        good = str(shelf.live())
        folder = self.shop.bundles / CORRUPT
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.shop.bundles / good, folder)
        largest = max((one for one in folder.rglob("*") if one.is_file()), key=lambda one: one.stat().st_size)
        with largest.open("r+b") as file:
            file.seek(largest.stat().st_size // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))
        try:
            with serving(self.shop, deadline_ms=200, flush_seconds=1, cache_mb=0) as server:

                def back() -> None:
                    seen.append(_ready(server))
                    shelf.promote(good, now=wall_clock())

                told = self._meet("bundle", server, Fault(lambda: shelf.promote(CORRUPT, now=wall_clock()), back))
        finally:
            shelf.promote(good, now=wall_clock())
            shutil.rmtree(folder)
        refused = seen[0]["ready"] and seen[0]["version"] == good and CORRUPT in seen[0]["refused"]
        return {**told, "refused_while_the_old_one_answers": refused, "met": told["met"] and refused}

    def disk(self) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            size = sum(one.stat().st_size for one in self.shop.root.rglob("*") if one.is_file()) // 2**20 + ROOM_MB
            through = ("unshare", "-Urm", "sh", "-c", SMALL_DISK, f"{size}m", folder, str(self.shop.root))
            way = Way(through=through, root=Path(folder))
            with serving(self.shop, way, deadline_ms=200, flush_seconds=1, cache_mb=0) as server:
                inside = Path(f"/proc/{server.process.pid}/root{folder}")
                fault = Fault(lambda: _fill(inside / "filler"), (inside / "filler").unlink)
                return self._meet("disk", server, fault, root=inside)

    def crowd(self) -> dict[str, Any]:
        with serving(self.shop, Way(core=0), deadline_ms=100, flush_seconds=1, cache_mb=0) as server:
            rate, fault = 10 * self.sustainable, Fault(lambda: None, lambda: None)
            return self._meet("crowd", server, fault, rate=rate)

    def _meet(
        self, name: str, server: Server, fault: Fault, *, rate: float = RATE, root: Path | None = None
    ) -> dict[str, Any]:
        run, acknowledged = f"{name}-{time.time_ns()}", set[str]()
        with server.client as client:
            items = [one["item_id"] for one in client.get("/api/recommend/nobody", params={"k": 500}).json()["items"]]

        def heard(number: int, status: int) -> None:
            if status == 200 and number % 4 == 0:
                acknowledged.add(f"{run}-{number}")

        uvloop.run(offer(server.port, Plan(_asker(f"warm-{run}", items), RATE / 2, 3)))
        timers = [
            threading.Timer(self.seconds * share, act) for share, act in ((1 / 3, fault.begin), (2 / 3, fault.end))
        ]
        for timer in timers:
            timer.start()
        connections = 800 if rate > RATE else 64
        ask = _asker(run, items)
        told = uvloop.run(offer(server.port, Plan(ask, rate, self.seconds, connections=connections, heard=heard)))
        for timer in timers:
            timer.join()
        healed = _healed(server)
        with tempfile.TemporaryDirectory() as folder:  # a path into another file system is not one for the log
            copied = shutil.copytree((root or self.shop.root) / "log", Path(folder) / "log")
            logged = _logged(EventLog(copied), run)
        lost, doubled = len(acknowledged - logged.keys()), sum(count > 1 for count in logged.values())
        fine = set(told["statuses"]) <= {"200", "503"} and not told["503_without_retry_after"] and not told["lost"]
        return {
            **told,
            "acknowledged": len(acknowledged),
            "acknowledged_and_not_in_the_log": lost,
            "in_the_log_twice": doubled,
            "healed_after_s": healed,
            "met": fine and healed is not None and not lost and not doubled and bool(acknowledged),
        }


def _asker(run: str, items: Sequence[str]) -> Callable[[int], bytes]:
    def ask(number: int) -> bytes:
        user = f"u{number % 4999 + 1:05d}"
        if number % 4:
            return get(f"/api/recommend/{user}?k=20")
        item = items[number * 7 % len(items)]
        event = {"event_id": f"{run}-{number}", "user_id": user, "item_id": item, "slate_id": "x" * 500}
        return post("/api/events", orjson.dumps({"interactions": [event]}))

    return ask


def _ready(server: Server) -> dict[str, Any]:
    with server.client as client:
        told: dict[str, Any] = client.get("/api/health/ready").json()
    return told


def _healed(server: Server) -> float | None:
    """Seconds until the journal is in the log and ten slates in a row are whole; None where that never comes."""
    began, row = time.monotonic(), 0
    with server.client as client:
        while time.monotonic() < began + PATIENCE:
            slate = client.get(f"/api/recommend/u{row + 100:05d}", params={"k": 7}).json()
            row = row + 1 if slate.get("fallback", "none") is None and not slate["skipped"] else 0
            if row >= 10 and client.get("/api/health/ready").json()["pending"] == 0:
                return round(time.monotonic() - began, 1)
            time.sleep(0.05)
    return None


def _logged(log: EventLog, run: str) -> Counter[str]:
    events = log.scan("interactions").filter(pl.col("event_id").str.starts_with(f"{run}-"))
    return Counter(events.collect()["event_id"].to_list())


def _redis(path: Path) -> subprocess.Popen[bytes]:
    path.unlink(missing_ok=True)
    options = ["--port", "0", "--unixsocket", str(path), "--dir", str(path.parent), "--save", ""]
    return subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)


def _fill(path: Path) -> None:
    """To the last byte."""
    with path.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
