"""How much memory there is for the taking, so that what cannot fit is refused before it starts."""

from pathlib import Path

import psutil

CONTROL_GROUPS = Path("/sys/fs/cgroup")


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
