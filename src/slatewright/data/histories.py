"""Histories: what each user did, oldest first, and what is known of the user besides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from slatewright.core.arrays import Frame, Index, Mask, Offsets, Times, Weights
from slatewright.core.errors import BadInput
from slatewright.data.showings import Showings

NOBODY = np.iinfo(np.int32).max  # the owner of a history whose user is not known: beyond the rows of every model
RATED_KINDS = ("rating", "interaction")  # an event of no told kind says what its value says: a rating

Kinds = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Histories:
    """Many histories end to end: history ``u`` is ``items[offsets[u]:offsets[u + 1]]``.

    ``offsets`` int64 (n + 1,); ``items`` int32, ``weights`` float32 and ``times`` int64 microseconds, each (events,).
    An item may occur several times in one history.

    Where they are known, ``values`` float32 (events,) is what each event said (a rating, an amount), ``kinds`` int8
    (events,) points into ``kind_names``, and ``facts`` has one row per history: what is known of its owner. ``shown``
    is what each owner was shown lately, which is no event. ``owners`` int32 (n,) is the index of the user whose history
    it is, ``NOBODY`` where the user is not known: a model that has rows of users looks there.
    """

    offsets: Offsets
    items: Index
    weights: Weights
    times: Times
    values: Weights | None = None
    kinds: Kinds | None = None
    kind_names: tuple[str, ...] = ()
    facts: Frame | None = None
    shown: Showings | None = None
    owners: Index | None = None

    @classmethod
    def of(
        cls,
        items: Sequence[Sequence[int] | Index],
        weights: Sequence[Sequence[float] | Weights] | None = None,
        times: Sequence[Sequence[int] | Times] | None = None,
        *,
        values: Sequence[Sequence[float] | Weights] | None = None,
        facts: Frame | None = None,
    ) -> "Histories":
        """From one list of item indices per user; weights default to 1 and times to 0.

        Raises:
            BadInput: a weight or a value is not finite.
        """
        offsets = np.zeros(len(items) + 1, dtype=np.int64)
        np.cumsum([len(one) for one in items], out=offsets[1:])
        flat = np.concatenate([np.asarray(one, dtype=np.int32) for one in items] or [np.empty(0, np.int32)])
        ones = np.ones(len(flat), dtype=np.float32)
        zeros = np.zeros(len(flat), dtype=np.int64)
        return cls(
            offsets,
            flat,
            ones if weights is None else _finite("weights", weights),
            zeros if times is None else np.concatenate([np.asarray(t, dtype=np.int64) for t in times]),
            None if values is None else _finite("values", values),
            facts=facts,
        )

    @classmethod
    def end_to_end(cls, parts: Sequence["Histories"]) -> "Histories":
        """All histories of all parts, in the order given.

        Values, kinds and facts are kept where every part has them; facts, owners and what was shown also where only
        some do.
        """
        if not parts:
            return cls.of([])
        ends = np.concatenate([[0], np.cumsum([len(part.items) for part in parts])])
        starts = [part.offsets[:-1] - part.offsets[0] + end for part, end in zip(parts, ends[:-1], strict=True)]
        names, kinds = _kinds_of_all(parts)
        values = [part.values for part in parts if part.values is not None]
        return cls(
            np.concatenate([*starts, ends[-1:]]).astype(np.int64),
            np.concatenate([part.items for part in parts]),
            np.concatenate([part.weights for part in parts]),
            np.concatenate([part.times for part in parts]),
            np.concatenate(values) if len(values) == len(parts) else None,
            kinds,
            names,
            _facts_of_all(parts),
            _shown_of_all(parts),
            _owners_of_all(parts),
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def lengths(self) -> Offsets:
        """Events per history, int64 (n,)."""
        return np.diff(self.offsets)

    def items_of(self, user: int) -> Index:
        """The items of one history, oldest first."""
        return self.items[self.offsets[user] : self.offsets[user + 1]]

    def rated(self) -> Mask:
        """Which events' values are ratings, bool (events,): those of kind rating, or of no told kind."""
        if self.values is None:
            return np.zeros(len(self.items), dtype=np.bool_)
        return self.of_kind(*RATED_KINDS)

    def of_kind(self, *names: str) -> Mask:
        """Which events are of one of these kinds, bool (events,); all of them where kinds are not known."""
        if self.kinds is None:
            return np.ones(len(self.items), dtype=np.bool_)
        wanted = np.array([name in names for name in self.kind_names], dtype=np.bool_)
        return wanted[self.kinds] if len(wanted) else np.zeros(len(self.items), dtype=np.bool_)

    def one(self, user: int) -> "Histories":
        """The history of one user; shares memory."""
        start, stop = int(self.offsets[user]), int(self.offsets[user + 1])
        facts = None if self.facts is None else self.facts.slice(user, 1)
        offsets = np.array([0, stop - start], dtype=np.int64)
        shown = None if self.shown is None else self.shown.one(user)
        owners = None if self.owners is None else self.owners[user : user + 1]
        return replace(self._events(slice(start, stop), offsets), facts=facts, shown=shown, owners=owners)

    def take(self, users: Index) -> "Histories":
        """The histories of some users, in the order given."""
        lengths = self.lengths()[users]
        offsets = np.zeros(len(users) + 1, dtype=np.int64)
        np.cumsum(lengths, out=offsets[1:])
        at = np.repeat(self.offsets[users] - offsets[:-1], lengths) + np.arange(offsets[-1])
        facts = None if self.facts is None else self.facts[users]
        shown = None if self.shown is None else self.shown.take(users)
        owners = None if self.owners is None else self.owners[users]
        return replace(self._events(at, offsets), facts=facts, shown=shown, owners=owners)

    def only(self, kept: Mask) -> "Histories":
        """The same histories with only some of their events; ``kept`` bool (events,)."""
        counts = np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])
        return self._events(np.flatnonzero(kept), counts[self.offsets])

    def followed_by(
        self, items: Index, weights: Weights, times: Times, *, values: Weights, kinds: Sequence[str]
    ) -> "Histories":
        """One history with more events at its end, each array and ``kinds`` (more,); self must be exactly one."""
        names = tuple(dict.fromkeys((*self.kind_names, *kinds)))
        codes = np.array([names.index(kind) for kind in kinds], dtype=np.int8)
        return Histories(
            np.array([0, len(self.items) + len(items)], dtype=np.int64),
            np.concatenate((self.items, items)),
            np.concatenate((self.weights, weights)),
            np.concatenate((self.times, times)),
            None if self.values is None else np.concatenate((self.values, values)),
            None if self.kinds is None else np.concatenate((self.kinds, codes)),
            () if self.kinds is None else names,
            self.facts,
            self.shown,
            self.owners,
        )

    def in_order(self) -> "Histories":
        """The same histories, the events of each by time, then item."""
        if len(self) == 1 and (self.times[1:] > self.times[:-1]).all():  # as a history that goes on mostly is
            return self
        owner = np.repeat(np.arange(len(self)), self.lengths())
        order = np.lexsort((self.items, self.times, owner))
        return self._events(order, self.offsets)

    def first_from(self, owners: Index, instants: Times) -> Offsets:
        """Where the first event at or after an instant lies in each of some histories, their end where none does.

        ``owners`` int32 and ``instants`` int64 µs, each (n,); int64 (n,), by halving, all of them at once.
        """
        low, high = self.offsets[owners], self.offsets[owners + 1]
        while (open_ := np.flatnonzero(low < high)).size:
            middle = (low[open_] + high[open_]) // 2
            earlier = self.times[middle] < instants[open_]
            low[open_[earlier]] = middle[earlier] + 1
            high[open_[~earlier]] = middle[~earlier]
        return low

    def spread(self, present: Mask) -> "Histories":
        """Histories for all of (n,) users, in order: these where ``present`` is True, empty ones elsewhere."""
        lengths = np.zeros(len(present), dtype=np.int64)
        lengths[present] = self.lengths()
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        facts = self.facts
        if facts is not None:
            rows = np.where(present, np.cumsum(present) - 1, len(self))  # one past the last: a row of nulls
            facts = pl.concat([facts, facts.clear(1)])[rows]
        shown = None if self.shown is None else self.shown.spread(present)
        owners = self.owners
        if owners is not None:
            owners = np.append(owners, np.int32(NOBODY))[np.where(present, np.cumsum(present) - 1, len(self))]
        return replace(self, offsets=offsets, facts=facts, shown=shown, owners=owners)

    def _events(self, at: slice | Offsets, offsets: Offsets) -> "Histories":
        """The same owners, with the events at some places."""
        return replace(
            self,
            offsets=offsets,
            items=self.items[at],
            weights=self.weights[at],
            times=self.times[at],
            values=None if self.values is None else self.values[at],
            kinds=None if self.kinds is None else self.kinds[at],
        )

    def matrix(self, n_items: int) -> sparse.csr_matrix:
        """Summed weights as CSR float32 (n, n_items), columns sorted, one entry per pair; none where the sum is 0."""
        matrix = sparse.csr_matrix((self.weights, self.items, self.offsets), shape=(len(self), n_items), copy=True)
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return matrix


def _finite(name: str, lists: Sequence[Sequence[float] | Weights]) -> Weights:
    flat = np.concatenate([np.asarray(one, dtype=np.float32) for one in lists] or [np.empty(0, np.float32)])
    if not np.isfinite(flat).all():
        raise BadInput(f"Histories.{name} must be finite, got {flat[~np.isfinite(flat)][0]}")
    return flat


def _kinds_of_all(parts: Sequence[Histories]) -> tuple[tuple[str, ...], Kinds | None]:
    """The names of all kinds and the kind of each event, in one numbering; nothing where a part has none."""
    kinds = [part.kinds for part in parts if part.kinds is not None]
    if len(kinds) < len(parts):
        return (), None
    names = tuple(dict.fromkeys(name for part in parts for name in part.kind_names))
    codes = []
    for part, own in zip(parts, kinds, strict=True):
        table = np.array([names.index(name) for name in part.kind_names], dtype=np.int8)
        codes.append(own if part.kind_names == names[: len(part.kind_names)] else table[own])
    return names, np.concatenate(codes)


def _facts_of_all(parts: Sequence[Histories]) -> Frame | None:
    schema = next((part.facts.clear() for part in parts if part.facts is not None), None)
    if schema is None:
        return None
    return pl.concat([schema.clear(len(part)) if part.facts is None else part.facts for part in parts])


def _shown_of_all(parts: Sequence[Histories]) -> Showings | None:
    if all(part.shown is None for part in parts):
        return None
    return Showings.end_to_end([part.shown or Showings.nothing(len(part)) for part in parts])


def _owners_of_all(parts: Sequence[Histories]) -> Index | None:
    if all(part.owners is None for part in parts):
        return None
    nobody = (np.full(len(part), NOBODY, dtype=np.int32) if part.owners is None else part.owners for part in parts)
    return np.concatenate(list(nobody))
