"""From histories to vectors, by a network that reads them in rows of a fixed shape."""

import numpy as np

from slatewright.core.arrays import Offsets, Scores
from slatewright.data.histories import Histories
from slatewright.models.neural.runtime import Fitted
from slatewright.models.neural.sequences.objective import Reading
from slatewright.models.neural.sequences.packing import Pieces

HEIGHTS = (1, 8, 64)  # rows that are read at once: so many shapes an engine compiles
NUMBERS = 1 << 21  # of vectors in a block, at most


def read(histories: Histories, fitted: Fitted, rows: Scores, length: int) -> Scores:
    """The vector of each history, float32 (n, d); ``rows`` float32 (n_items + 1, d), the last one the start token.

    Read are the latest ``length`` events of a history, or fewer with the start token before them.
    """
    pieces = Pieces.to_read(histories.only(histories.weights > 0), length)
    vectors = np.empty((len(histories), rows.shape[1]), dtype=np.float32)
    row, column = pieces.ends()
    by_row, start = np.argsort(row, kind="stable"), 0
    while start < len(pieces):
        height = _height(len(pieces) - start, length * rows.shape[1])
        chosen = np.arange(start, min(start + height, len(pieces)))
        mine = by_row[slice(*np.searchsorted(row[by_row], (start, start + height)))]
        ends = (row[mine] - start) * length + column[mine]
        vectors[mine] = _block(pieces, chosen, height, ends, fitted, rows)
        start += height
    return vectors


def _height(left: int, numbers: int) -> int:
    """The most rows that are not too many, else the fewest that hold all that is left."""
    fitting = [one for one in HEIGHTS if one * numbers <= NUMBERS] or [1]
    return next((one for one in fitting if one >= left), fitting[-1])


def _block(pieces: Pieces, chosen: Offsets, height: int, ends: Offsets, fitted: Fitted, rows: Scores) -> Scores:
    packed = pieces.rows(chosen, len(rows) - 1, height)
    room = np.zeros(height * pieces.length if height > 1 else pieces.length, dtype=np.int32)
    room[: len(ends)] = ends
    inputs = {
        "vectors": rows[packed.items],
        "segments": packed.segments,
        "places": packed.places,
        "seeds": np.zeros(height, dtype=np.int32),
        "ends": room,
    }
    return np.asarray(fitted.answer(Reading, inputs), dtype=np.float32)[: len(ends)]
