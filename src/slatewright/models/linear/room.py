"""Is there room for it? Asked at the door, before an hour of work ends in a killed process."""

from slatewright.core.errors import NoRoom
from slatewright.core.memory import free_bytes


def check_room(name: str, n_items: int, needed: float, free: int | None = None) -> None:
    """Refuse what cannot fit, and name what can.

    Raises:
        NoRoom: ``needed`` bytes are more than there are.
    """
    free = free_bytes() if free is None else free
    if needed > free:
        raise NoRoom(
            f"{name} holds a number for every pair of items: {n_items:,} items need {needed / 1e9:.1f} GB, and "
            f"{free / 1e9:.1f} GB are free; SparseInverse keeps only the pairs that matter, ALS a few numbers per item"
        )
