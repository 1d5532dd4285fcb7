"""What a ranker learns from, and what it becomes."""

from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np

from slatewright.core.arrays import Array, Arrays, Mask, Offsets, Scores, Weights
from slatewright.core.errors import BadInput


@dataclass(frozen=True)
class RankingTable:
    """Questions end to end: question q is the rows ``[offsets[q]:offsets[q + 1]]``, one row per candidate.

    ``names`` of the features; ``values`` float32 (rows, features), NaN where nothing is known; ``offsets`` int64
    (questions + 1,); ``taken`` bool (rows,), what was right; ``weights`` float32 (rows,), how much a row counts.

    Raises:
        BadInput: the shapes do not fit.
    """

    names: tuple[str, ...]
    values: Scores
    offsets: Offsets
    taken: Mask
    weights: Weights

    def __post_init__(self) -> None:
        rows, wanted = len(self.taken), (len(self.taken), len(self.names))
        if self.values.shape != wanted or len(self.weights) != rows or self.offsets[-1] != rows:
            raise BadInput(
                f"a ranking table must have {wanted[0]} rows of {wanted[1]} features, a weight for each, and offsets "
                f"that end there, got {self.values.shape}, {len(self.weights)} and {self.offsets[-1]}"
            )

    def __len__(self) -> int:
        """Questions."""
        return len(self.offsets) - 1

    def take(self, questions: Offsets) -> "RankingTable":
        """Some of the questions, int64 positions, in the order given."""
        lengths = np.diff(self.offsets)[questions]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        rows = np.repeat(self.offsets[questions] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return RankingTable(self.names, self.values[rows], offsets, self.taken[rows], self.weights[rows])

    def teaching(self) -> "RankingTable":
        """The questions that hold something right and something else: the others teach no order."""
        counted = np.concatenate([[0], np.cumsum(self.taken)])
        right = counted[self.offsets[1:]] - counted[self.offsets[:-1]]
        return self.take(np.flatnonzero((right > 0) & (right < np.diff(self.offsets))))


@runtime_checkable
class FittedRanker(Protocol):
    """What a ranker learned: arrays that give a raw mark for any row of features."""

    kind: ClassVar[str]

    def mark(self, values: Scores) -> Array:
        """The raw mark of each row, float64 (rows,), of ``values`` float32 (rows, features); higher is better."""

    def parts(self, values: Scores) -> Array:
        """What each feature adds to each mark, float64 (rows, features + 1); the last column is the base, the same
        for all. A row sums to its mark."""

    def arrays(self) -> Arrays:
        """Everything learned, as named arrays."""


@runtime_checkable
class Ranker(Protocol):
    """A frozen dataclass of knobs that learns to order the candidates of a question."""

    def fit(self, table: RankingTable) -> FittedRanker:
        """Learn from the questions; the same table and knobs give the same ranker."""
