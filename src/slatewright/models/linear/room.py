"""Is there room for it? Asked at the door, before an hour of work ends in a killed process."""

import os
from pathlib import Path

from slatewright.core.errors import BadInput


def free_bytes() -> int:
    """Memory that a new array could take without swapping; all memory where the system tells no more."""
    known = Path("/proc/meminfo")
    if known.is_file():
        line = next((line for line in known.read_text().splitlines() if line.startswith("MemAvailable")), None)
        if line is not None:
            return int(line.split()[1]) * 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def check_room(name: str, n_items: int, needed: float, free: int | None = None) -> None:
    """Refuse what cannot fit, and name what can.

    Raises:
        BadInput: ``needed`` bytes are more than there are.
    """
    free = free_bytes() if free is None else free
    if needed > free:
        raise BadInput(
            f"{name} holds a number for every pair of items: {n_items:,} items need {needed / 1e9:.1f} GB, and "
            f"{free / 1e9:.1f} GB are free; SparseInverse keeps only the pairs that matter, ALS a few numbers per item"
        )
