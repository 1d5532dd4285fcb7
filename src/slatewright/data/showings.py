"""Showings: which items each user was shown lately, and when, whatever came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets, Times
from slatewright.core.clock import MICROSECONDS_PER_DAY

MOST_SHOWN = 200  # the newest of one user that anything looks at
SHOWN_DAYS = 30  # what was shown longer ago is forgotten
SHOWN_SINCE = SHOWN_DAYS * MICROSECONDS_PER_DAY


@dataclass(frozen=True, slots=True)
class Showings:
    """Many users end to end: user ``u`` was shown ``items[offsets[u]:offsets[u + 1]]``, oldest first.

    ``offsets`` int64 (n + 1,); ``items`` int32 and ``times`` int64 microseconds UTC, each (shown,).
    """

    offsets: Offsets
    items: Index
    times: Times

    @classmethod
    def nothing(cls, n: int = 1) -> Self:
        """Nobody of (n,) users was shown anything."""
        return cls(np.zeros(n + 1, dtype=np.int64), np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64))

    @classmethod
    def of(cls, owners: Index, items: Index, times: Times, n: int) -> Self:
        """From one row per item that was shown, in any order; ``owners`` int32 (shown,) are users below ``n``."""
        order = np.lexsort((items, times, owners))
        offsets = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=n))]).astype(np.int64)
        return cls(offsets, items[order].astype(np.int32), times[order].astype(np.int64))

    @classmethod
    def end_to_end(cls, parts: Sequence["Showings"]) -> Self:
        """All users of all parts, in the order given."""
        lengths = np.concatenate([np.empty(0, dtype=np.int64), *(np.diff(part.offsets) for part in parts)])
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        items = np.concatenate([np.empty(0, dtype=np.int32), *(part.items for part in parts)])
        return cls(offsets, items, np.concatenate([np.empty(0, dtype=np.int64), *(part.times for part in parts)]))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def one(self, user: int) -> Self:
        """What one user was shown; shares memory."""
        start, stop = int(self.offsets[user]), int(self.offsets[user + 1])
        return type(self)(np.array([0, stop - start]), self.items[start:stop], self.times[start:stop])

    def take(self, users: Index) -> Self:
        """What some users were shown, in the order given."""
        lengths = np.diff(self.offsets)[users]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        at = np.repeat(self.offsets[users] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return type(self)(offsets, self.items[at], self.times[at])

    def spread(self, present: Mask) -> Self:
        """For all of (n,) users, in order: these where ``present`` is True, nothing elsewhere."""
        lengths = np.zeros(len(present), dtype=np.int64)
        lengths[present] = np.diff(self.offsets)
        return type(self)(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), self.items, self.times)

    def until(self, instants: Times) -> Self:
        """What counts at an instant of each user's own, int64 (n,) µs UTC: see ``lately``; nothing from then on."""
        owners = np.repeat(np.arange(len(self)), np.diff(self.offsets))
        kept = (self.times < instants[owners]) & (self.times >= instants[owners] - SHOWN_SINCE)
        ends = np.cumsum(np.bincount(owners[kept], minlength=len(self)))
        kept[kept] = ends[owners[kept]] - np.arange(np.count_nonzero(kept)) <= MOST_SHOWN
        counts = np.bincount(owners[kept], minlength=len(self))
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return type(self)(offsets, self.items[kept], self.times[kept])

    def lately(self, now: int) -> Self:
        """What counts of exactly one user: the newest ``MOST_SHOWN``, of the last ``SHOWN_DAYS`` before now."""
        start = max(len(self.items) - MOST_SHOWN, int(np.searchsorted(self.times, now - SHOWN_SINCE)))
        return type(self)(np.array([0, len(self.items) - start]), self.items[start:], self.times[start:])

    def unanswered(self, items: Index, times: Times) -> Mask:
        """Which showings of exactly one user no event of the same item answered, at that instant or since, bool (n,).

        ``items`` and ``times``, each (events,), are the user's events, oldest first.
        """
        known = np.isin(items, self.items)
        last = dict(zip(items[known].tolist(), times[known].tolist(), strict=True))
        return np.array(
            [
                last.get(item, time - 1) < time
                for item, time in zip(self.items.tolist(), self.times.tolist(), strict=True)
            ],
            dtype=np.bool_,
        )

    def followed_by(self, items: Index, times: Times) -> Self:
        """Exactly one user, who was shown more: pairs of item and instant that are here already are not added."""
        pairs = set(zip(self.items.tolist(), self.times.tolist(), strict=True))
        new = [pair for pair in dict.fromkeys(zip(items.tolist(), times.tolist(), strict=True)) if pair not in pairs]
        if not new:
            return self
        more, when = np.array(new, dtype=np.int64).T
        both, instants = np.concatenate([self.items, more]), np.concatenate([self.times, when])
        return type(self).of(np.zeros(len(both), dtype=np.int32), both.astype(np.int32), instants, 1)
