"""What says how alike items are: only the rows that are asked for are worked out, never all pairs."""

from typing import Protocol

from slatewright.core.arrays import Index, Scores


class Alike(Protocol):
    """How alike some items (n,) are, between 0 and 1."""

    def row(self, at: int) -> Scores:
        """How alike the item at a position is to each of them, float32 (n,)."""
        ...


class Likeness(Protocol):
    """How alike the items of a catalogue are."""

    def among(self, items: Index) -> Alike:
        """The likeness of some items (n,), ready to be asked row by row."""
        ...
