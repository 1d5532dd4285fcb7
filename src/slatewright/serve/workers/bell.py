"""The bell: how one worker tells the others that the journal has something new, without a call to the system."""

import mmap
import struct
import threading

_NUMBER = struct.Struct("<Q")


class Bell:
    """One number for each worker in memory that all of them share; each raises its own, and sees those of all.

    ``descriptor`` is a file of at least ``size_for(workers)`` bytes, all zero at first; ``worker`` counts from 0. A
    worker that is started again goes on from the number that it left behind. Whoever rings after a commit and before
    it acknowledges can be sure: what it acknowledged, everybody who looks at the bell afterwards has heard of.
    """

    def __init__(self, descriptor: int, worker: int, workers: int) -> None:
        self._memory = mmap.mmap(descriptor, size_for(workers))
        self._place = _NUMBER.size * worker
        self._ringing = threading.Lock()

    def ring(self) -> None:
        """Tell the others."""
        with self._ringing:
            (rung,) = _NUMBER.unpack_from(self._memory, self._place)
            _NUMBER.pack_into(self._memory, self._place, rung + 1)

    def heard(self) -> bytes:
        """Another value after each ring of any worker."""
        return self._memory[:]

    def close(self) -> None:
        """Let the memory go."""
        self._memory.close()


def size_for(workers: int) -> int:
    """Bytes of shared memory."""
    return _NUMBER.size * workers
