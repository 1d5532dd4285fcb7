"""Slates in Redis, for several server processes together."""

import logging
import struct
import time
from collections.abc import Callable
from typing import Any, TypeVar

from slatewright.core.extras import require
from slatewright.serve.caching.contracts import CachedSlate

log = logging.getLogger("slatewright.serve")

PREFIX = "slatewright:slate:"
PATIENCE = 0.05  # seconds to wait for Redis; making the slate anew takes less
PAUSE = 1.0  # seconds without a question after Redis did not answer
HEAD = struct.Struct("<dI")  # when it was made, bytes of the mark

T = TypeVar("T")


class RedisCache:
    """The same slates for all processes that ask one Redis.

    While Redis is away nothing is found and nothing kept: the first question that it does not answer waits 50 ms, and
    then it is left alone for a second.

    Raises:
        MissingExtra: the client of Redis is not installed.
    """

    def __init__(
        self, url: str, shop: str, keep_seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        redis = require("redis", extra="redis", why="a cache of slates in Redis")
        retry = require("redis.retry", extra="redis", why="a cache of slates in Redis")
        backoff = require("redis.backoff", extra="redis", why="a cache of slates in Redis")
        self._broken: type[Exception] = redis.RedisError
        self._redis: Any = redis.Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=retry.Retry(backoff.NoBackoff(), 0),
        )
        self._prefix, self._keep, self._clock = f"{PREFIX}{shop}:", round(keep_seconds * 1000), clock
        self._silent_until = 0.0
        self.failures = 0

    def get(self, key: str) -> CachedSlate | None:
        """The answer kept under a key; Redis lets go of those that are too old."""
        found = self._ask(lambda: self._redis.get(self._prefix + key), None)
        return None if found is None else _unpacked(found)

    def put(self, key: str, slate: CachedSlate) -> None:
        """Keep an answer in place of the one before it."""
        mark = slate.mark.encode()
        value = HEAD.pack(slate.made, len(mark)) + mark + slate.body
        self._ask(lambda: self._redis.set(self._prefix + key, value, px=self._keep), None)

    def clear(self) -> None:
        """Forget the answers of this shop."""
        self._ask(self._delete_all, None)

    def close(self) -> None:
        """Let go of the connections; what is kept stays for others."""
        self._redis.close()

    def _delete_all(self) -> None:
        for key in self._redis.scan_iter(match=_literal(self._prefix) + "*", count=1000):
            self._redis.delete(key)

    def _ask(self, question: Callable[[], T], otherwise: T) -> T:
        if self._clock() < self._silent_until:
            return otherwise
        try:
            return question()
        except (self._broken, OSError) as error:
            self._silent_until = self._clock() + PAUSE
            self.failures += 1
            log.warning("Redis does not answer, slates are made without it: %s", error)
            return otherwise


def _unpacked(value: bytes) -> CachedSlate | None:
    """The slate in a value; None where somebody else wrote there."""
    try:
        made, length = HEAD.unpack_from(value)
        start = HEAD.size + length
        return CachedSlate(value[HEAD.size : start].decode(), made, value[start:])
    except (struct.error, UnicodeDecodeError):
        return None


def _literal(text: str) -> str:
    """A text as a pattern that matches itself alone."""
    return "".join(f"\\{one}" if one in "*?[]\\" else one for one in text)
