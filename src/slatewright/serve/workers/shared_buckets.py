"""Token buckets that all workers of a server draw from: a key may ask as often as it may, whoever answers."""

import fcntl
import mmap
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from slatewright.core.errors import Busy
from slatewright.serve.keys.buckets import Bucket
from slatewright.serve.keys.key import Key

_PLACE = struct.Struct("<Qdd")  # which key, its tokens, the instant that they were counted at
_PLACES = 16_384
SIZE = _PLACES * _PLACE.size


class SharedBuckets:
    """The buckets of all keys in a file of ``SIZE`` bytes, all zero at first, that the workers share.

    A bucket is drawn from under a lock of its own place, which goes with the process that holds it. Instants are those
    of ``time.monotonic()``, the same in all processes of a machine.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = os.dup(descriptor)
        self._memory = mmap.mmap(self._descriptor, SIZE)

    def of(self, key: Key) -> "SharedBucket":
        """The bucket of a key whose rate is limited; full where no worker drew from it yet.

        Raises:
            Busy: so many keys had one since the server was started that there is no place left.
        """
        if key.per_second is None:
            raise ValueError(f"key {key.id} has no limit, and so no bucket")
        name = int(key.sha256[:16], 16) or 1
        with self.locked(0, SIZE):
            for step in range(_PLACES):
                at = (name + step) % _PLACES * _PLACE.size
                (holder, _, _) = _PLACE.unpack_from(self._memory, at)
                if holder == 0:
                    _PLACE.pack_into(self._memory, at, name, float(key.burst), 0.0)
                if holder in (0, name):
                    return SharedBucket(self, at, key.per_second, key.burst)
        raise Busy(f"{_PLACES} keys with a limit were used since this server was started; start it again")

    @contextmanager
    def locked(self, at: int, size: int) -> Iterator[mmap.mmap]:
        """The memory, while no other process is at these bytes."""
        fcntl.lockf(self._descriptor, fcntl.LOCK_EX, size, at)
        try:
            yield self._memory
        finally:
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN, size, at)

    def close(self) -> None:
        """Let the memory go."""
        self._memory.close()
        os.close(self._descriptor)


@dataclass(frozen=True, slots=True)
class SharedBucket:
    """The bucket of one key, in the memory of all workers."""

    buckets: SharedBuckets
    place: int
    per_second: float
    burst: int

    def take(self, now: float) -> float:
        """Take a token and give 0, or give the seconds until there is one."""
        with self.buckets.locked(self.place, _PLACE.size) as memory:
            name, tokens, at = _PLACE.unpack_from(memory, self.place)
            bucket = Bucket(self.per_second, self.burst, tokens, at)
            wait = bucket.take(now)
            _PLACE.pack_into(memory, self.place, name, bucket.tokens, bucket.at)
        return wait
