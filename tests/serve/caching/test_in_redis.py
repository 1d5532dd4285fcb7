"""The cache in Redis: the same kit, and a Redis that goes away and comes back."""

import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from slatewright.core.redis_client import PAUSE
from slatewright.serve.caching.in_redis import RedisCache
from slatewright.testing.caches import SLATE, CacheKit

pytestmark = pytest.mark.redis


class TestKit(CacheKit):
    @pytest.fixture
    def cache(self, redis_url: str) -> Iterator[RedisCache]:
        cache = RedisCache(redis_url, "kit [a*]", 60)
        cache.clear()
        yield cache
        cache.clear()
        cache.close()


def test_shops_do_not_see_each_other(redis_url: str) -> None:
    one, other = RedisCache(redis_url, "one", 60), RedisCache(redis_url, "other", 60)
    one.put("key", SLATE)
    assert other.get("key") is None
    other.clear()
    assert one.get("key") == SLATE
    one.clear()
    one.close()
    other.close()


def test_what_others_wrote_is_no_slate(redis_url: str) -> None:
    cache = RedisCache(redis_url, "foreign", 60)
    cache._redis.set("slatewright:slate:foreign:key", b"short")
    assert cache.get("key") is None
    cache.clear()
    cache.close()


def test_slates_leave_by_themselves(redis_url: str) -> None:
    cache = RedisCache(redis_url, "brief", 60)
    cache.put("key", SLATE)
    left = cache._redis.pttl("slatewright:slate:brief:key")
    assert 50_000 < left <= 60_000
    cache.clear()
    cache.close()


@contextmanager
def redis_on(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis of one test; it may be killed before the block ends."""
    program = str(shutil.which("redis-server"))
    options = ["--port", "0", "--unixsocket", str(path), "--dir", str(path.parent), "--save", ""]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        while not answers(path):
            assert server.poll() is None
            threading.Event().wait(0.01)
        yield server
    finally:
        server.kill()
        server.wait()


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as one:
        return one.connect_ex(str(path)) == 0


@pytest.mark.usefixtures("redis_url")  # skips where there is no Redis
def test_a_redis_that_is_killed_costs_one_question_a_second_and_is_found_again() -> None:
    now = [0.0]
    with tempfile.TemporaryDirectory(prefix="slatewright-") as folder:
        path = Path(folder) / "redis.sock"
        with redis_on(path) as server:
            cache = RedisCache(f"unix://{path}", "killed", 60, clock=lambda: now[0])
            cache.put("key", SLATE)
            assert cache.get("key") == SLATE
            server.kill()
            server.wait()
            for _ in range(100):
                assert cache.get("key") is None
                cache.put("key", SLATE)
            assert cache.failures == 1
            now[0] += PAUSE
            assert cache.get("key") is None
            assert cache.failures == 2
        path.unlink(missing_ok=True)
        with redis_on(path):
            now[0] += PAUSE
            cache.put("key", SLATE)
            assert cache.get("key") == SLATE
        cache.close()


def test_a_redis_that_hangs_is_not_waited_for() -> None:
    with tempfile.TemporaryDirectory(prefix="slatewright-") as folder, socket.socket(socket.AF_UNIX) as mute:
        mute.bind(f"{folder}/redis.sock")
        mute.listen()  # takes connections and never answers
        cache = RedisCache(f"unix://{folder}/redis.sock", "mute", 60)
        assert cache.get("key") is None
        assert cache.failures == 1
        cache.close()
