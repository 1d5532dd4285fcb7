"""What one step of training sees."""

from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Self

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets, Weights

AT_ONCE = 4  # batches that are handed from thread to thread: of one each, the handing costs as much as a small step


@dataclass(frozen=True, slots=True)
class Batch:
    """``ids``: int32 rows of tables by role, of any shape; ``inputs``: whatever else the loss reads, by name.

    ``weights`` float32 (n,) says how much each of the n samples counts; 0 where a sample only fills the batch up. All
    batches of a task have the same shapes, so that an engine compiles one step only.
    """

    ids: Mapping[str, Index]
    weights: Weights
    inputs: Mapping[str, Array] = field(default_factory=dict)

    def parts(self, n: int) -> Iterator[Self]:
        """As ``n`` batches of equal size, where every array has a row per sample; all arrays are views."""
        size = len(self.weights) // n
        for start in range(0, n * size, size):
            one = slice(start, start + size)
            ids, inputs = ({name: array[one] for name, array in of.items()} for of in (self.ids, self.inputs))
            yield type(self)(ids, self.weights[one], inputs)


def dealt(n: int, batch_size: int, rng: np.random.Generator) -> Iterator[tuple[Offsets, Weights]]:
    """The positions 0 to n - 1 once each, shuffled, ``batch_size`` at a time: int64 and float32 (batch_size,).

    The last batch is filled up with positions of weight 0. ``batch_size`` is cut to n.
    """
    size = min(batch_size, n)
    order = rng.permutation(n) if n else np.empty(0, dtype=np.int64)
    for start in range(0, n, max(1, size)):
        part = order[start : start + size]
        weights = np.ones(size, dtype=np.float32)
        weights[len(part) :] = 0
        yield part if len(part) == size else np.resize(part, size), weights


def n_batches(n: int, batch_size: int) -> int:
    """How many batches ``dealt`` makes."""
    return -(-n // max(1, min(batch_size, n)))


def ahead(batches: Iterator[Batch]) -> Generator[Batch]:
    """The same batches; a thread draws the next few while these are learned from, and is gone once it is closed."""
    with ThreadPoolExecutor(1, "batches") as thread:
        coming = thread.submit(_some, batches)
        while some := coming.result():
            coming = thread.submit(_some, batches)
            yield from some


def _some(batches: Iterator[Batch]) -> list[Batch]:
    return list(islice(batches, AT_ONCE))
