"""What a cache of slates can do, whoever keeps them."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CachedSlate:
    """One answer that was given: its ``body`` as it went out, when it was made (seconds since 1970), and its ``mark``.

    The mark says what it was made of: the bundle, the user's events. An answer is as good as a new one while the mark
    is still what it was; afterwards it may only help out (see ``ladder``).
    """

    mark: str
    made: float
    body: bytes


class SlateCache(Protocol):
    """Keeps answers under a key; may lose any of them at any time, and never raises. Safe for threads."""

    def get(self, key: str) -> CachedSlate | None:
        """The answer kept under a key, unless it is too old."""

    def put(self, key: str, slate: CachedSlate) -> None:
        """Keep an answer in place of the one before it."""

    def clear(self) -> None:
        """Forget all."""

    def close(self) -> None:
        """Let go of what it holds on to."""
