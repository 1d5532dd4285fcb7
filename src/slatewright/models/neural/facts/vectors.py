"""Facts, texts and lists among them, as vectors of a few hundred numbers: what a tower reads of an item or a person."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Arrays, Frame, Mask, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.models.content.content import ABOUT_ITEMS
from slatewright.models.content.fact_features import FactFeatures, FactSpace
from slatewright.models.content.sparse_rows import times_dense
from slatewright.models.linear.spectrum import spectrum

TINY = 1e-12


@dataclass(frozen=True)
class FactVectors:
    """How facts become vectors: the features of the content models, turned to their main directions.

    Deerwester et al.: Indexing by Latent Semantic Analysis (1990).
    """

    features: Annotated[FactFeatures, Knob("how facts become features")] = ABOUT_ITEMS
    width: Annotated[int, Knob("numbers in a vector; fewer features stay as they are", least=1, most=4096)] = 256

    def __post_init__(self) -> None:
        check_knobs(self)

    def __str__(self) -> str:
        return f"FactVectors({self.features}, width={self.width})"

    def learn(self, facts: Frame, rows: Mask | None = None) -> "VectorReader":
        """Learn features and directions of the training rows only: a mask (n,), or None for all of them."""
        taught = rows if facts.height and (rows is None or rows.any()) else None
        space = self.features.learn(facts, taught)
        matrix = space.matrix(facts, 0 if rows is None else len(rows))
        matrix = matrix if rows is None else matrix[rows]
        directions = directions_of(matrix, self.width)
        lengths = np.square(times_dense(matrix, directions)).sum(axis=1)
        typical = float(np.sqrt(lengths.mean())) if len(lengths) else 0.0
        return VectorReader(space, directions / np.float32(max(typical, TINY)))


def directions_of(matrix: sparse.csr_matrix, width: int) -> Scores:
    """The directions in which the rows of a CSR matrix (n, features) are longest: float32 (features, width).

    Where there are no more features than ``width``, each is a direction.
    """
    if matrix.shape[1] <= width:
        return np.eye(matrix.shape[1], dtype=np.float32)
    return np.ascontiguousarray(spectrum(matrix, width, 0)[1])


@dataclass(frozen=True)
class VectorReader:
    """``vector = features of the facts x directions``: float32 (features, width); a mean square length of 1."""

    space: FactSpace
    directions: Scores

    @property
    def width(self) -> int:
        """How many numbers a vector has; 0 where nothing is known of any row."""
        return int(self.directions.shape[1])

    @property
    def names(self) -> tuple[str, ...]:
        """The facts that are read."""
        return tuple(dict.fromkeys(group.column for group in self.space.groups))

    def read(self, facts: Frame | None, n: int) -> Scores:
        """The vector of each row, float32 (n, width): zeros where nothing is known, or ``facts`` is None."""
        if facts is None or not facts.width:
            return np.zeros((n, self.width), dtype=np.float32)
        return times_dense(self.space.matrix(facts, n), self.directions)

    def forgetting(self, facts: Frame, n: int) -> "VectorReader":
        """Without the words and categories that none of ``n`` rows has; what is left reads as before."""
        there = np.zeros(self.space.n_features, dtype=np.bool_)
        there[self.space.matrix(facts, n).indices] = True
        space, kept = self.space.only(there)
        return VectorReader(space, self.directions[kept])

    def arrays(self, prefix: str) -> Arrays:
        """Everything learned, as named arrays."""
        space = {f"{prefix}_{name}": array for name, array in self.space.arrays().items()}
        return {**space, f"{prefix}_directions": self.directions}

    @classmethod
    def from_arrays(cls, arrays: Arrays, prefix: str) -> "VectorReader":
        """The reader again, from arrays that may be memory-mapped."""
        space = {name: arrays[f"{prefix}_{name}"] for name in ("card", "names", "name_offsets", "numbers")}
        return cls(FactSpace.from_arrays(space), arrays[f"{prefix}_directions"])
