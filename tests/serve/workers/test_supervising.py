"""Real workers: they know the same, are started again, and stop together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any

import httpx
import polars as pl
import pytest

from slatewright.core.errors import SlatewrightError
from slatewright.serve.settings import Serving
from slatewright.serve.workers import supervising
from slatewright.serve.workers.supervising import supervise
from slatewright.store.shop import Shop
from tests.ports import free_port
from tests.serve.test_killing import PATIENCE

COMMAND = (sys.executable, "-c", "from slatewright.cli.main import main; main()", "serve", "--workers", "2")
CONNECTIONS = 12  # the system deals them out by chance: that all of them are of one worker happens once in 2,000 times


@contextmanager
def workers_of(shop: Shop, port: int) -> Iterator["subprocess.Popen[str]"]:
    command = [*COMMAND, "--shop", str(shop.root), "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as supervisor:
        try:
            yield supervisor
        finally:
            supervisor.kill()


def until(true: Callable[[], bool], supervisor: "subprocess.Popen[str]") -> None:
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        assert supervisor.poll() is None, supervisor.communicate()[1]
        try:
            if true():
                return
        except httpx.TransportError:
            pass
        threading.Event().wait(0.05)
    pytest.fail("it did not come true")


def number(url: str, name: str) -> float:
    """A sum over the lines of a metric."""
    lines = httpx.get(f"{url}/metrics", timeout=PATIENCE).text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))


def children(supervisor: "subprocess.Popen[str]") -> list[int]:
    told = subprocess.run(["pgrep", "-P", str(supervisor.pid)], capture_output=True, text=True, check=True)
    return [int(pid) for pid in told.stdout.split()]


def test_two_workers_are_one_server_from_start_to_end(shop: Shop) -> None:
    settings = shop.root / "slatewright.toml"
    settings.write_text(settings.read_text().replace("flush_seconds = 0.2", "flush_seconds = 3600"))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with workers_of(shop, port) as supervisor, ExitStack() as stack:
        until(lambda: number(url, "slatewright_workers") == 2, supervisor)
        clients = [stack.enter_context(httpx.Client(base_url=url, timeout=PATIENCE)) for _ in range(CONNECTIONS)]

        def shown(client: httpx.Client) -> list[str]:
            return [item["item_id"] for item in client.get("/api/recommend/u00003").json()["items"]]

        for taker in clients[:4]:
            item = shown(taker)[0]
            event = {"event_id": f"poster-{item}", "user_id": "u00003", "item_id": item}
            taker.post("/api/events", json={"interactions": [event]}).raise_for_status()
            assert not any(item in shown(client) for client in clients)
        slate_ids: list[str] = []

        def kept_for_all() -> bool:  # one that the writer, starved, had no time for is not kept: then another one is
            slate_ids.append(clients[0].get(f"/api/recommend/u{len(slate_ids):05}").json()["slate_id"])
            asked = [f"/api/slates/{slate_id}" for slate_id in slate_ids]
            return any(all(client.get(one).status_code == 200 for client in clients) for one in asked)

        until(kept_for_all, supervisor)
        slates = number(url, "slatewright_slates_total") + number(url, "slatewright_cache_total")
        assert number(url, "slatewright_events_total") == 4

        victim, survivor = children(supervisor)
        os.kill(victim, signal.SIGKILL)
        until(lambda: victim not in (now := children(supervisor)) and len(now) == 2, supervisor)
        until(lambda: number(url, "slatewright_workers") == 2, supervisor)
        assert survivor in children(supervisor)
        for _ in range(CONNECTIONS):
            assert item not in shown(stack.enter_context(httpx.Client(base_url=url, timeout=PATIENCE)))
        assert number(url, "slatewright_events_total") == 4
        assert number(url, "slatewright_slates_total") + number(url, "slatewright_cache_total") > slates

        supervisor.send_signal(signal.SIGTERM)
        _, said = supervisor.communicate(timeout=PATIENCE)
    assert supervisor.returncode == -signal.SIGTERM
    assert "Traceback" not in said
    assert "u0000" not in said  # who asks is nothing for a log
    assert "is started again in 1 s" in said
    posted = shop.log.scan("interactions").filter(pl.col("event_id").str.starts_with("poster-")).collect()
    assert posted.height == 4


FAKE = """
import json, os, signal, socket, sys, time
post = json.load(sys.stdin)
assert sys.argv[1:] == [str(post["worker"] + 1), "of", "2", "shop", post["shop"]]
lifeline = socket.socket(fileno=post["lifeline"])
with open(os.path.join(post["shop"], "starts"), "a") as starts:
    print(post["worker"], file=starts)
"""
DIES = FAKE + "lifeline.send(b'1') if post['worker'] else lifeline.recv(1)"
NEVER_ANSWERS = FAKE + "sys.exit(3)"
STUBBORN = FAKE + "signal.signal(signal.SIGTERM, signal.SIG_IGN); lifeline.send(b'1'); lifeline.recv(1)"


@pytest.fixture
def fake(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Supervises workers that do what a text says, until so many were started; their numbers."""

    def run(text: str, starts: int) -> list[str]:
        monkeypatch.setattr(supervising, "WORKER", (sys.executable, "-S", "-c", text))
        monkeypatch.setattr(supervising, "AGAIN", 0.01)
        monkeypatch.setattr(supervising, "PATIENCE", 0.2)
        noted = shop.root / "starts"

        def stop() -> None:
            while not noted.exists() or len(noted.read_text().split()) < starts:
                threading.Event().wait(0.01)
            os.kill(os.getpid(), signal.SIGINT)

        stopper = threading.Thread(target=stop, daemon=True)
        stopper.start()
        with pytest.raises(KeyboardInterrupt):
            supervise(shop, Serving(port=0), 2)
        stopper.join()
        return noted.read_text().split()

    return run


def test_a_worker_that_dies_is_started_again_and_the_other_is_left_alone(fake: Callable[..., list[str]]) -> None:
    started = fake(DIES, 4)
    assert started.count("0") == 1
    assert started.count("1") >= 3


def test_a_worker_for_which_there_is_no_memory_now_is_tried_again(
    fake: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, calls = subprocess.Popen, count(1)

    def popen(*told: Any, **how: Any) -> "subprocess.Popen[bytes]":
        if next(calls) == 3:
            raise BlockingIOError("no process can be made")
        return real(*told, **how)

    monkeypatch.setattr(subprocess, "Popen", popen)
    started = fake(DIES, 4)
    assert started.count("0") == 1
    assert started.count("1") >= 3
    assert "worker 2 cannot be started, and is tried again in 0.02 s: no process can be made" in caplog.text


def test_a_worker_that_does_not_stop_is_killed(fake: Callable[..., list[str]]) -> None:
    assert sorted(fake(STUBBORN, 2)) == ["0", "1"]


def test_workers_that_cannot_start_are_told_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [signal.getsignal(sign) for sign in supervising.SIGNALS]
    monkeypatch.setattr(supervising, "WORKER", (sys.executable, "-S", "-c", NEVER_ANSWERS))
    with pytest.raises(SlatewrightError, match="a worker ended with status 3 before it answered; its log says why"):
        supervise(shop, Serving(port=0), 2)
    assert [signal.getsignal(sign) for sign in supervising.SIGNALS] == before
