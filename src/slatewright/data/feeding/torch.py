"""Batches as a loader of PyTorch."""

import sys
from collections.abc import Iterator
from typing import Any

from slatewright.core.arrays import Array
from slatewright.core.extras import require
from slatewright.data.feeding.batches import Batches


class _ByNumber:
    """The batches under (pass, number): a worker that gets its numbers from the loader needs no state of its own."""

    def __init__(self, batches: Batches) -> None:
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, number: tuple[int, int]) -> dict[str, Array]:
        return self.batches.batch(*number)


class _Numbers:
    """The numbers of the batches of one pass, the next pass each time that a first number is taken."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.passes = 0

    def __len__(self) -> int:
        return self.n

    def __iter__(self) -> Iterator[tuple[int, int]]:
        epoch, self.passes = self.passes, self.passes + 1
        yield from ((epoch, at) for at in range(self.n))


def as_torch(batches: Batches, workers: int) -> Any:
    """A ``DataLoader``: what it iterates over is batches already."""
    data = require("torch.utils.data", extra="torch", why="Feed.torch")
    return data.DataLoader(
        _ByNumber(batches),
        batch_size=None,
        sampler=_Numbers(len(batches)),
        num_workers=workers,
        multiprocessing_context=_start(workers),
    )


def _start(workers: int) -> str | None:
    """How workers start: PyTorch's way, but where JAX runs, whose threads may hold a lock that a fork keeps."""
    return "forkserver" if workers and "jax" in sys.modules else None
