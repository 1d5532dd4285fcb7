"""Slates in Redis, for several server processes together."""

import logging
import struct
import time
from collections.abc import Callable

from slatewright.core.redis_client import RedisClient
from slatewright.serve.caching.contracts import CachedSlate

log = logging.getLogger("slatewright.serve")

PREFIX = "slatewright:slate:"
PATIENCE = 0.05  # seconds to wait for Redis; making the slate anew takes less
HEAD = struct.Struct("<dI")  # when it was made, bytes of the mark


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
        self._client = RedisClient(url, why="cache of slates", patience=PATIENCE, log=log, clock=clock)
        self._redis = self._client.redis
        self._prefix, self._keep = f"{PREFIX}{shop}:", round(keep_seconds * 1000)

    @property
    def failures(self) -> int:
        """How often Redis did not answer."""
        return self._client.failures

    def get(self, key: str) -> CachedSlate | None:
        """The answer kept under a key; Redis lets go of those that are too old."""
        found = self._client.ask(lambda: self._redis.get(self._prefix + key), None)
        return None if found is None else _unpacked(found)

    def put(self, key: str, slate: CachedSlate) -> None:
        """Keep an answer in place of the one before it."""
        mark = slate.mark.encode()
        value = HEAD.pack(slate.made, len(mark)) + mark + slate.body
        self._client.ask(lambda: self._redis.set(self._prefix + key, value, px=self._keep), None)

    def clear(self) -> None:
        """Forget the answers of this shop."""
        self._client.ask(lambda: self._client.delete(self._prefix), None)

    def close(self) -> None:
        """Let go of the connections; what is kept stays for others."""
        self._client.close()


def _unpacked(value: bytes) -> CachedSlate | None:
    """The slate in a value; None where somebody else wrote there."""
    try:
        made, length = HEAD.unpack_from(value)
        start = HEAD.size + length
        return CachedSlate(value[HEAD.size : start].decode(), made, value[start:])
    except (struct.error, UnicodeDecodeError):
        return None
