"""Sequences side by side in rows of one length, so that short ones leave no room empty."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from slatewright.core.arrays import Index, Offsets, Weights
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories


@dataclass(frozen=True, slots=True)
class Rows:
    """``items`` int32 (rows, length); ``segments`` int32 say which sequence of its row each place belongs to, from 1,
    0 where the place is empty; ``places`` int32 count from 0 within a sequence.

    ``targets`` int32 and ``weights`` float32 are the event that follows each place and its weight; 0 where nothing is
    to be learned.
    """

    items: Index
    segments: Index
    places: Index
    targets: Index
    weights: Weights


@dataclass(frozen=True, slots=True)
class Pieces:
    """Parts of histories of at most ``length`` places each, and the rows that they are packed into.

    Piece ``p`` reads the events ``first[p] - opens[p]`` to ``first[p] - opens[p] + size[p] - 1``, all positions in
    ``items``; where ``opens[p]`` is 1 its first place is the start token instead of an event. ``order`` int64 lists the
    pieces by row, row ``r`` holds ``order[bounds[r]:bounds[r + 1]]``.
    """

    items: Index
    weights: Weights
    first: Offsets
    size: Index
    opens: Index
    order: Offsets
    bounds: Offsets
    length: int

    @classmethod
    def to_learn(cls, histories: Histories, length: int) -> Self:
        """Every event is asked for once: histories are cut from their ends, each piece reads what its targets follow.

        The first event of a history follows the start token.
        """
        return cls._packed(histories, *_cut(histories.offsets, length), length)

    @classmethod
    def to_read(cls, histories: Histories, length: int) -> Self:
        """One piece per history: its latest events; the start token comes first where there is room for it."""
        lengths = histories.lengths()
        opens = (lengths < length).astype(np.int32)
        size = np.minimum(lengths + opens, length).astype(np.int32)
        return cls._packed(histories, histories.offsets[1:] - size + opens, size, opens, length)

    @classmethod
    def _packed(cls, histories: Histories, first: Offsets, size: Index, opens: Index, length: int) -> Self:
        row, n_rows = _best_fit(size, np.argsort(-size, kind="stable"), length)
        order = np.argsort(row, kind="stable")
        bounds = np.searchsorted(row[order], np.arange(n_rows + 1))
        return cls(histories.items, histories.weights, first, size, opens, order, bounds.astype(np.int64), length)

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.bounds) - 1

    def ends(self) -> tuple[Offsets, Offsets]:
        """Where the last place of each piece lies: row and column, int64 (pieces,)."""
        sizes = self.size[self.order].astype(np.int64)
        total = np.cumsum(sizes)
        row = np.repeat(np.arange(len(self)), np.diff(self.bounds))
        before = np.concatenate([[0], total])[self.bounds[:-1]]
        rows, columns = np.empty_like(total), np.empty_like(total)
        rows[self.order], columns[self.order] = row, total - before[row] - 1
        return rows, columns

    def rows(self, chosen: Offsets, start: int, height: int) -> Rows:
        """Some rows, filled up with empty ones to ``height``; ``start`` is the start token."""
        shape = (height, self.length)
        items, segments, places, targets = np.zeros((4, *shape), dtype=np.int32)
        rows = Rows(items, segments, places, targets, np.zeros(shape, dtype=np.float32))
        _fill(
            self.items, self.weights, self.first, self.size, self.opens, self.order, self.bounds, chosen, start,
            rows.items, rows.segments, rows.places, rows.targets, rows.weights,
        )  # fmt: skip
        return rows


def _cut(offsets: Offsets, length: int) -> tuple[Offsets, Index, Index]:
    """First event, size and opening of each piece; all are of ``length`` but the first of a history."""
    lengths = np.diff(offsets)
    counts = -(-lengths // length)
    owner = np.repeat(np.arange(len(lengths)), counts)
    later = np.repeat(np.cumsum(counts), counts) - np.arange(len(owner)) - 1  # pieces of this history after this one
    stop = lengths[owner] - later * length  # of the targets
    size = np.minimum(stop, length)
    opens = (stop == size).astype(np.int32)
    return offsets[owner] + stop - size - 1 + opens, size.astype(np.int32), opens


@kernel()
def _best_fit(size: Index, order: Offsets, length: int) -> tuple[Offsets, int]:
    """The row of each piece, longest first: the fullest row that still has room for it."""
    row = np.empty(len(size), np.int64)
    heads = np.full(length + 1, -1, np.int64)  # rows by the room they have left, as linked lists
    link = np.empty(len(size), np.int64)
    n_rows = 0
    for piece in order:
        room = size[piece]
        while room <= length and heads[room] < 0:
            room += 1
        if room > length:
            mine, room, n_rows = n_rows, length, n_rows + 1
        else:
            mine = heads[room]
            heads[room] = link[mine]
        row[piece] = mine
        left = room - size[piece]
        link[mine] = heads[left]
        heads[left] = mine
    return row, n_rows


@kernel()
def _fill(
    events: Index,
    event_weights: Weights,
    first: Offsets,
    size: Index,
    opens: Index,
    order: Offsets,
    bounds: Offsets,
    chosen: Offsets,
    start: int,
    items: Index,
    segments: Index,
    places: Index,
    targets: Index,
    weights: Weights,
) -> None:
    for at in range(len(chosen)):
        column, first_piece = 0, bounds[chosen[at]]
        for number in range(first_piece, bounds[chosen[at] + 1]):
            piece = order[number]
            for place in range(size[piece]):
                event = first[piece] + place - opens[piece]
                items[at, column] = start if place < opens[piece] else events[event]
                segments[at, column] = number - first_piece + 1
                places[at, column] = place
                if event + 1 < len(events):
                    targets[at, column] = events[event + 1]
                    weights[at, column] = event_weights[event + 1]
                column += 1
