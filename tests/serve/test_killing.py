"""Kill a real server with SIGKILL while a client posts: nothing acknowledged is lost, nothing is doubled."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import polars as pl
import pytest

from slatewright.events.journal import Journal
from slatewright.store.shop import Shop
from tests.ports import free_port
from tests.serve.conftest import client_of

SERVE = """
import sys
from slatewright.serve.running import run
from slatewright.store.shop import Shop
try:
    run(Shop.open(sys.argv[1]), port=int(sys.argv[2]))
except KeyboardInterrupt:  # as the command line has it
    sys.exit(130)
"""
PATIENCE = 300.0  # seconds; a machine may be busy with other things, and nobody waits longer than it takes


@contextmanager
def process_of(shop: Shop, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A real server process, ready to answer."""
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(shop.root), str(port)], stderr=subprocess.PIPE)
    try:
        wait_until_ready(server, port)
        yield server
    finally:
        server.kill()
        server.communicate()


def wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        assert server.poll() is None, server.communicate()[1].decode()
        try:
            if httpx.get(f"http://127.0.0.1:{port}/api/health/ready", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            threading.Event().wait(0.05)  # not listening yet
    pytest.fail("the server did not get ready")


class Poster(threading.Thread):
    """Posts batches of three events until the server is gone; sends an unacknowledged batch again, as clients do."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__()
        self.poster, self.port = name, port
        self.acknowledged: list[str] = []
        self.unsure: list[str] = []  # sent, but the server died before it answered
        self.acknowledged_some = threading.Event()

    def run(self) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE) as client:
            for number in range(100_000):
                names = [f"{self.poster}-{number}-{part}" for part in range(3)]
                try:
                    answer = client.post("/api/events", json=batch(names))
                except httpx.TransportError:
                    self.unsure = names
                    return
                assert answer.status_code == 200, answer.text
                self.acknowledged += names
                self.acknowledged_some.set()


def batch(names: list[str]) -> dict[str, list[dict[str, str]]]:
    return {"interactions": [{"event_id": one, "user_id": "u00003", "item_id": "COF-0000"} for one in names]}


def count(shop: Shop) -> Counter[str]:
    """How often each posted event_id stands in the log and the journal together."""
    with Journal(shop.journal) as journal:
        journal.flush(shop.log)
        assert journal.waiting() == 0
    events = shop.log.scan("interactions").filter(pl.col("event_id").str.starts_with("poster")).collect()
    return Counter(events["event_id"].to_list())


def test_sigkill_loses_no_acknowledged_event_and_doubles_none(shop: Shop) -> None:
    rng, acknowledged, unsure = random.Random(11), set[str](), set[str]()  # noqa: S311
    for life in range(3):
        port = free_port()
        with process_of(shop, port) as server:
            posters = [Poster(f"poster-{life}-{at}", port) for at in range(3)]
            for poster in posters:
                poster.start()
            assert all(poster.acknowledged_some.wait(PATIENCE) for poster in posters)
            threading.Event().wait(rng.uniform(0.05, 0.6))  # any moment: in a commit, in a flush, in an answer
            os.kill(server.pid, signal.SIGKILL)
            for poster in posters:
                poster.join(PATIENCE)
                acknowledged.update(poster.acknowledged)
                unsure.update(poster.unsure)
    with client_of(shop) as client:  # clients that got no answer send again
        for names in (sorted(unsure), sorted(acknowledged)[:500]):
            client.post("/api/events", json=batch(names)).raise_for_status()
    kept = count(shop)
    assert len(acknowledged) > 20
    assert set(kept) == acknowledged | unsure
    assert set(kept.values()) == {1}


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_signal_flushes_the_journal(shop: Shop, sign: signal.Signals) -> None:
    settings = shop.root / "slatewright.toml"
    settings.write_text(settings.read_text().replace("flush_seconds = 0.2", "flush_seconds = 3600"))
    port = free_port()
    with process_of(shop, port) as server:
        answer = httpx.post(f"http://127.0.0.1:{port}/api/events", json=batch(["poster-polite"]), timeout=PATIENCE)
        assert answer.json() == {"accepted": 1, "duplicates": 0}
        ready = httpx.get(f"http://127.0.0.1:{port}/api/health/ready", timeout=PATIENCE).json()
        assert ready["pending"] == 1
        server.send_signal(sign)
        _, errors = server.communicate(timeout=PATIENCE)
    assert server.returncode in (-sign, 128 + sign)
    assert b"Traceback" not in errors
    events = shop.log.scan("interactions").filter(pl.col("event_id") == "poster-polite").collect()
    assert events.height == 1
