"""Slates in the memory of this process, within a budget of bytes that is never exceeded."""

import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from slatewright.serve.caching.contracts import CachedSlate

# What an entry costs besides its texts: its place in an ordered table that was just doubled, the record, its number.
OVERHEAD = 420
LARGEST_SHARE = 8  # an answer that would take more than an eighth of the budget is not kept


class InProcessCache:
    """The slates asked for last; ``max_bytes`` counts keys, answers and what Python adds to them."""

    def __init__(self, max_bytes: int, keep_seconds: float, *, clock: Callable[[], float] = time.time) -> None:
        self._max_bytes, self._keep, self._clock = max_bytes, keep_seconds, clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, CachedSlate] = OrderedDict()  # least recently asked for first
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> CachedSlate | None:
        """The answer kept under a key, unless it is too old."""
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            if found.made + self._keep < self._clock():
                self._drop(key)
                return None
            self._entries.move_to_end(key)
            return found

    def put(self, key: str, slate: CachedSlate) -> None:
        """Keep an answer in place of the one before it; those asked for longest ago make room."""
        slate = replace(slate, body=bytes(memoryview(slate.body)))  # orjson leaves up to half of its room empty
        size = size_of(key, slate)
        with self._lock:
            if key in self._entries:
                self._drop(key)
            if size * LARGEST_SHARE > self._max_bytes:
                return
            while self.bytes + size > self._max_bytes:
                self._drop(next(iter(self._entries)))
            self._entries[key] = slate
            self.bytes += size

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._entries, self.bytes = OrderedDict(), 0

    def close(self) -> None:
        """Forget all."""
        self.clear()

    def _drop(self, key: str) -> None:
        self.bytes -= size_of(key, self._entries.pop(key))


def size_of(key: str, slate: CachedSlate) -> int:
    """Bytes of memory that one entry takes, told a little too high."""
    return sys.getsizeof(key) + sys.getsizeof(slate.mark) + sys.getsizeof(slate.body) + OVERHEAD
