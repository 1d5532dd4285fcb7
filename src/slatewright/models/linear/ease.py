"""EASE: the best linear map from what a user did to what else the user did, in closed form."""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Scores
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import FLOPS, GATHERS, SORTED, Cost, Size
from slatewright.models.fading import HalfLife, HistoryHalfLife, faded_histories
from slatewright.models.linear.gram import ActivityDiscount, discounted, gram_into, largest_row_sum
from slatewright.models.linear.inverting import BLOCK, NotPositiveDefinite, sweep
from slatewright.models.linear.room import check_room
from slatewright.models.model import Known
from slatewright.models.popularity import shares
from slatewright.models.shapes.dense_pairs import DensePairs

SINGLE_UP_TO = 1e6  # condition number up to which float32 is as good as float64: its errors are below 1e-4
DOUBLE_UP_TO = 1e13  # the same for float64; above, nothing of the inverse need be right


@dataclass(frozen=True)
class EASE:
    """Every item of a history speaks for or against every other item; items may not speak for themselves.

    Steck: Embarrassingly Shallow Autoencoders for Sparse Data, WWW 2019; ``dropout`` is the closed form of a randomly
    emptied input (Steck: Autoencoders that don't overfit towards the Identity, NeurIPS 2020).
    """

    reg: Annotated[
        float, Knob("penalty on large numbers: the more, the less rare pairs say", above=0, search=(1, 3000))
    ] = 100.0
    dropout: Annotated[
        float,
        Knob("share of a history hidden in training: more penalty on popular items", least=0, below=1, search=(0, 0.8)),
    ] = 0.0
    activity_discount: ActivityDiscount = 0.0
    half_life_days: HalfLife = None
    history_half_life_days: HistoryHalfLife = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> DensePairs:
        """Learn from the data set.

        Raises:
            NoRoom: the n_items x n_items numbers do not fit into memory.
            BadInput: the weights are so large next to ``reg`` that the matrix cannot be inverted.
        """
        check_room("EASE", dataset.n_items, self.cost(Size.of(dataset)).memory)
        by_user = faded_histories(dataset.histories(), dataset.as_of, self.half_life_days).matrix(dataset.n_items)
        fading = np.inf if self.history_half_life_days is None else self.history_half_life_days
        return DensePairs(
            Known(dataset.users, dataset.items, dataset.histories()),
            self.pairs(by_user),
            prior=shares(by_user),
            half_life_days=np.array([fading], dtype=np.float64),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )

    def pairs(self, by_user: sparse.csr_matrix) -> Scores:
        """The numbers of all pairs, float32 (n_items, n_items), zero on the diagonal, for a CSR matrix of weights."""
        weighed = discounted(by_user, self.activity_discount)
        condition = 1 + largest_row_sum(weighed) / self.reg
        if not condition <= DOUBLE_UP_TO:
            raise self._drowned()
        single = condition <= SINGLE_UP_TO
        n_items = by_user.shape[1]
        matrix = np.zeros((n_items, n_items), dtype=np.float32 if single else np.float64)
        gram_into(weighed, matrix)
        matrix[np.diag_indices(n_items)] *= 1 / (1 - self.dropout)
        matrix[np.diag_indices(n_items)] += self.reg
        try:
            sweep(matrix)
        except NotPositiveDefinite:
            raise self._drowned() from None
        _divide(matrix)
        return matrix if single else matrix.astype(np.float32)

    def _drowned(self) -> BadInput:
        return BadInput(
            "EASE cannot invert the matrix of this data set: its weights are too large for EASE.reg = "
            f"{self.reg:g}; raise reg or scale the weights down"
        )

    def cost(self, size: Size) -> Cost:
        """The inverse, in place of the products of all pairs of items, which are gathered and passed over before."""
        n = float(size.n_items)
        return Cost(
            memory=4 * n**2 + 8 * BLOCK * n + 70.0 * size.n_pairs,
            work={FLOPS: 1.3 * n**3, GATHERS: 3.5 * size.squared_histories, SORTED: 4.0 * n**2},
        )


def _divide(matrix: Array) -> None:
    """From the lower triangle of the negative inverse to the pairs, in place: -P[i, j] / P[j, j], and 0 for i = j."""
    diagonal = -matrix.diagonal()
    n = len(matrix)
    in_chunks(lambda begin, end: _divide_rows(begin, end, matrix, diagonal), chunks_of(np.cumsum(np.arange(n + 1))))
    np.fill_diagonal(matrix, 0)


@kernel(fastmath=True)
def _divide_rows(begin: Any, end: Any, matrix: Any, diagonal: Any) -> None:
    """Rows of the lower triangle and the columns that mirror them."""
    tile = 64
    for start in range(0, end, tile):
        for row in range(begin, end):
            for column in range(start, min(start + tile, row)):
                value = matrix[row, column]
                matrix[row, column] = value / diagonal[column]
                matrix[column, row] = value / diagonal[row]
