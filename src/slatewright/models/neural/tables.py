"""Tables of vectors: rows in NumPy, also on disk, of which only those of a batch travel to an engine and back.

A row moves, decays and ages only in the steps that look it up (lazy Adam; Kingma and Ba: Adam, ICLR 2015), so what a
step costs depends on the batch and not on the table.
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple, Self

import numpy as np

from slatewright.core.arrays import Array, Index, Scores
from slatewright.core.errors import NotWritten
from slatewright.core.kernels import kernel
from slatewright.core.lines import LINE, ask_for

AHEAD, NEAR = 16, 8  # rows between a wish for one and its use
STEEPEST = np.float32(1e18)  # a gradient counts as no more, so that its square is a number: training then says Diverged


class Pace(NamedTuple):
    """How far the rows of a step move: the length of the step, and how fast a row fades (AdamW)."""

    learning_rate: float
    weight_decay: float = 0.0
    keep_first: float = 0.9
    keep_second: float = 0.999
    least: float = 1e-7


@dataclass(frozen=True, slots=True)
class Table:
    """``cells`` float32 (n, 3, d): each row, then its first and second moments; a row's numbers lie side by side.

    ``steps`` int32 (n,) counts the steps that moved a row, ``places`` int32 (n,) is scratch.
    """

    cells: Array
    steps: Index
    places: Index

    @classmethod
    def of(cls, rows: Scores, folder: str | None = None) -> Self:
        """A table that starts from some rows, float32 (n, d); it lies on the disk of ``folder`` where one is given."""
        table = cls.empty(*rows.shape, folder=folder)
        table.cells[:, 0] = rows
        return table

    @classmethod
    def drawn(
        cls,
        n: int,
        d: int,
        rng: np.random.Generator,
        spread: float,
        *,
        folder: str | None = None,
        block: int = 1 << 16,
    ) -> Self:
        """A table of normal numbers of this standard deviation."""
        table = cls.empty(n, d, folder=folder)
        for start in range(0, n, block):
            part = table.cells[start : start + block, 0]
            part[:] = rng.standard_normal(part.shape, dtype=np.float32) * np.float32(spread)
        return table

    @classmethod
    def empty(cls, n: int, d: int, *, folder: str | None = None) -> Self:
        """A table of zeros; ``folder`` need not exist.

        Raises:
            NotWritten: the disk refused.
        """
        steps, places = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
        if folder is None or not n * d:
            cells = np.empty((n, 3, d), dtype=np.float32)  # not np.zeros, which gets no huge pages
            cells[:] = 0
            return cls(cells, steps, places)
        return cls(_on_disk((n, 3, d), Path(folder)), steps, places)

    @property
    def rows(self) -> Scores:
        """The vectors, float32 (n, d); a view, whose numbers change while training goes on."""
        rows: Scores = self.cells[:, 0]
        return rows

    def take(self, ids: Index) -> Scores:
        """The vectors of some ids of any shape: float32 (that shape, d)."""
        flat, found = ids.ravel(), np.empty((ids.size, self.cells.shape[2]), dtype=np.float32)
        _take(self._flat, flat, found)
        return found.reshape(*ids.shape, -1)

    def move(self, ids: Sequence[Index], gradients: Sequence[Scores], pace: Pace) -> None:
        """One step down the gradients of what was looked up: pairs of ids of any shape and float32 (that shape, d).

        The gradients of a row that was looked up several times are summed before it moves.
        """
        flat = [np.ascontiguousarray(one, dtype=np.int32).ravel() for one in ids]
        room = min(sum(map(len, flat)), len(self.steps))
        rows, sums, count = np.empty(room, dtype=np.int32), np.empty((room, self.cells.shape[2]), dtype=np.float32), 0
        for one, gradient in zip(flat, gradients, strict=True):
            slopes = np.asarray(gradient, dtype=np.float32).reshape(len(one), -1)
            count = _sum(one, slopes, rows, sums, count, self.places[:, None])
        _move(self._flat, self.steps[:, None], rows[:count], sums[:count], _single(pace))

    @property
    def _flat(self) -> Scores:
        """A row's numbers, its first and its second moments side by side: float32 (n, 3 d), the same memory."""
        flat: Scores = self.cells.reshape(len(self.cells), -1)
        return flat


def _on_disk(shape: tuple[int, ...], folder: Path) -> Array:
    """Zeros in a file without a name, which is gone with the array, also where the process is killed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            if hasattr(os, "posix_fallocate"):  # a disk that is full says so now, not by a signal when a row is written
                os.posix_fallocate(file.fileno(), 0, 4 * math.prod(shape))
            return np.asarray(np.memmap(file, dtype=np.float32, mode="r+", shape=shape))
    except OSError as error:
        raise NotWritten(
            f"tables must be a folder with room for {4 * math.prod(shape):,} bytes, got {folder}: {error}"
        ) from error


def _single(pace: Pace) -> Any:
    """The same in single precision."""
    return Pace(*(np.float32(one) for one in pace))  # type: ignore[arg-type]  # numbers of a kernel


@kernel(inline=True)
def _ask_for(flat: Any, row: Any, width: int) -> None:
    """All lines of the first ``width`` numbers of a row."""
    for number in range(0, width, LINE):
        ask_for(flat, np.int64(row), np.int64(number))


@kernel()
def _take(flat: Any, ids: Any, out: Any) -> None:
    width = out.shape[1]
    for at in range(len(ids)):
        if at + AHEAD < len(ids):
            _ask_for(flat, ids[at + AHEAD], width)
        row = ids[at]
        for column in range(width):  # not a slice of each: copied by a call, it is three times as slow
            out[at, column] = flat[row, column]


@kernel()
def _sum(ids: Any, slopes: Any, rows: Any, sums: Any, count: int, places: Any) -> int:
    """Add the slopes of each id to its row of ``sums``; of these, and of ``rows``, ``count`` are there already.

    ``places`` (n, 1) says where the row of each id is. It needs no reset: a place counts only where ``rows`` names the
    id in return.
    """
    for at in range(len(ids)):
        id_ = ids[at]
        if at + AHEAD < len(ids):
            ask_for(places, np.int64(ids[at + AHEAD]), np.int64(0))
        place = places[id_, 0]
        if 0 <= place < count and rows[place] == id_:
            for column in range(sums.shape[1]):
                sums[place, column] += slopes[at, column]
        else:
            places[id_, 0] = count
            rows[count] = id_
            for column in range(sums.shape[1]):
                sums[count, column] = slopes[at, column]
            count += 1
    return count


@kernel(fastmath=True)
def _move(flat: Any, steps: Any, rows: Any, sums: Any, pace: Any) -> None:
    """``steps`` (n, 1)."""
    one, width = np.float32(1), sums.shape[1]
    for at in range(len(rows)):
        if at + NEAR < len(rows):
            _ask_for(flat, rows[at + NEAR], 3 * width)
        if at + AHEAD < len(rows):
            ask_for(steps, np.int64(rows[at + AHEAD]), np.int64(0))
        row = rows[at]
        steps[row, 0] += 1
        age = np.float32(steps[row, 0])  # exp and log: LLVM turns ** under fastmath into a function that is not there
        scale = pace.learning_rate / (one - np.exp(age * np.log(pace.keep_first)))
        wider = one / (one - np.exp(age * np.log(pace.keep_second)))
        kept = one - pace.learning_rate * pace.weight_decay
        numbers, firsts, seconds = flat[row, :width], flat[row, width : 2 * width], flat[row, 2 * width :]
        slopes = sums[at]
        for column in range(width):
            slope = min(max(slopes[column], -STEEPEST), STEEPEST)
            first = pace.keep_first * firsts[column] + (one - pace.keep_first) * slope
            second = pace.keep_second * seconds[column] + (one - pace.keep_second) * slope * slope
            firsts[column] = first
            seconds[column] = second
            step = np.divide(scale * first, np.sqrt(second * wider) + pace.least)  # / asks for 0, one by one
            numbers[column] = kept * numbers[column] - step
