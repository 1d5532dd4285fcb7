"""How much memory there is for the taking, so that what cannot fit is refused before it starts; and what was freed."""

import ctypes
from pathlib import Path

import psutil

CONTROL_GROUPS = Path("/sys/fs/cgroup")
_ARENA_MAX = -8  # mallopt(3)


def free_bytes(control_groups: Path = CONTROL_GROUPS) -> int:
    """Bytes that new arrays could take without swapping: what the machine has left, or what the container allows."""
    available = int(psutil.virtual_memory().available)
    allowed = [
        limit - _number(control_groups / used) + _reclaimable(control_groups / statistics, name)
        for most, used, statistics, name in (
            ("memory.max", "memory.current", "memory.stat", "inactive_file"),
            (
                "memory/memory.limit_in_bytes",
                "memory/memory.usage_in_bytes",
                "memory/memory.stat",
                "total_inactive_file",
            ),
        )
        if (limit := _number(control_groups / most)) > 0
    ]
    return max(0, min([available, *allowed]))


def few_arenas(most: int) -> bool:
    """Let the C library hand memory to all threads from so few heaps; False where that cannot be told to it.

    By default glibc gives threads heaps of their own, and each keeps what it once needed. Call it before threads begin.
    """
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    return tell is not None and bool(tell(_ARENA_MAX, most))


def give_back() -> bool:
    """Give back to the system what was freed; False where nothing could be given or the C library does not do it.

    glibc gives only the end of a heap back by itself, so that a rush stays in the memory of a process for good. Takes
    some milliseconds, in which other threads run Python but wait for larger pieces of memory.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim is not None and bool(trim(ctypes.c_size_t(0)))


def _number(path: Path) -> int:
    """The number in a file of one line; 0 where there is no such file, or it says that there is no limit."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def _reclaimable(path: Path, name: str) -> int:
    """File pages that the system would give up first; a container counts them as used."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name + " ")), 0)
