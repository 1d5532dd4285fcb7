"""Bayesian personalised ranking: what a user took shall score above what the user did not take."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Scores
from slatewright.core.errors import Diverged
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.lines import rows_on_lines
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.models.costs import FLOPS, GATHERS, SORTED, STEPS, Cost, Size, csr_bytes
from slatewright.models.factorisation.cells import Cells, Dealer, Lottery
from slatewright.models.factorisation.pairwise import Events, Pace, Pool, Sides, learn
from slatewright.models.factorisation.ranked import answering, of_mean_weight_one
from slatewright.models.fading import EventHalfLife, SameHalfLife
from slatewright.models.shapes.factors import Factors

FIRST = 0.1  # length of the first vectors, about

MOVE_STEPS = 10  # multiplications per number of a vector when an event moves three of them
NUMBERS_OF_LINE, LINE_GATHERS = 16, 5.5  # a vector is met cold: what each of its cache lines costs, as measured


@dataclass(frozen=True)
class BPR:
    """Matrix factorisation that learns to rank: each event pulls its item above one that the user has not taken.

    Rendle, Freudenthaler, Gantner, Schmidt-Thieme: BPR, Bayesian Personalized Ranking from Implicit Feedback, UAI 2009;
    with several negatives drawn and the best-scoring used it is the dynamic sampling of Zhang et al. (Optimizing Top-N
    Collaborative Filtering via Dynamic Negative Item Sampling, SIGIR 2013).
    """

    embedding_dim: Annotated[int, Knob("numbers per user and item", least=1, most=4096, search=(16, 512))] = 128
    learning_rate: Annotated[
        float, Knob("length of a step, before AdaGrad shortens it", above=0, most=10, search=(0.01, 0.5))
    ] = 0.1
    reg: Annotated[float, Knob("penalty on large factors", least=0, most=10, search=(1e-3, 0.3))] = 0.03
    epochs: Annotated[int, Knob("passes over the events", least=1, search=(10, 200))] = 60
    n_negatives: Annotated[
        int, Knob("items drawn per event; the one that scores best is pushed down", least=1, most=1024, search=(1, 16))
    ] = 4
    negative_exponent: Annotated[
        float, Knob("items are drawn by (their events) ** this; 0: all alike; 1: by popularity", least=0, most=1)
    ] = 0.0
    half_life_days: EventHalfLife = None
    history_half_life_days: SameHalfLife = None
    rng: Annotated[Rng, Knob("seed, or generator, of the first factors and of the negatives")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> Factors:
        """Learn item vectors; users are folded in by least squares, those of the data set like all others.

        Raises:
            Diverged: the factors left the range of numbers.
        """
        by_user, item_weights = of_mean_weight_one(dataset, self.half_life_days)
        items = self.factorise(by_user)[1]
        return answering(dataset, items, item_weights, self.history_half_life_days or self.half_life_days)

    def cost(self, size: Size) -> Cost:
        """The events once as they are and once dealt into cells, the vectors of both sides, the users once more."""
        d, rows = self.embedding_dim, size.n_users + size.n_items
        events = csr_bytes(size.n_users, size.n_pairs) + 16.0 * size.n_pairs + 40.0 * size.n_items + 24.0 * rows
        numbers, lines = self.epochs * size.n_pairs * d, -(-d // NUMBERS_OF_LINE)
        return Cost(
            events + 4.0 * d * (rows + size.n_items) + 40.0 * d * d,
            {
                STEPS: (MOVE_STEPS + (self.n_negatives if self.n_negatives > 1 else 0)) * numbers,
                GATHERS: LINE_GATHERS * lines * (2.0 + self.n_negatives) * self.epochs * size.n_pairs,
                FLOPS: 4.0 * rows * d**2,
                SORTED: 2.0 * size.n_events,
            },
        )

    def factorise(self, by_user: sparse.csr_matrix) -> tuple[Scores, Scores]:
        """User and item vectors, float32 (n, embedding_dim), learned from a matrix of weights; the same for any number
        of threads."""
        rng, d = generator(self.rng), self.embedding_dim
        users, items = (rows_on_lines(n, d) for n in by_user.shape)
        for side in (users, items):
            side[:, :d] = rng.standard_normal((len(side), d), dtype=np.float32) * np.float32(FIRST / d**0.5)
        sums = (np.full(len(side), 1e-8, dtype=np.float32) for side in (users, items))
        sides, dealer = Sides(users, items, *sums), Dealer.of(by_user)
        taken_by = np.bincount(by_user.indices, minlength=by_user.shape[1])
        for _ in range(self.epochs if by_user.nnz else 0):
            self._epoch(dealer.deal(rng), taken_by, sides, rng)
        return np.ascontiguousarray(users[:, :d]), np.ascontiguousarray(items[:, :d])

    def _epoch(self, cells: Cells, taken_by: Array, sides: Sides, rng: np.random.Generator) -> None:
        """Every event once; ``taken_by`` (n_items,) counts the users of each item."""
        parts = len(cells.bounds)
        pools = [self._pool(cells.order[slice(*cells.item_bounds[q : q + 2])], taken_by) for q in range(parts)]
        seeds = rng.integers(2**64, size=(parts, parts), dtype=np.uint64)
        pace = Pace(
            self.n_negatives,
            np.float32(self.learning_rate),
            np.float32(self.reg),
            np.float32(1 / self.embedding_dim),
        )

        def cell(p: int, q: int) -> None:
            mine = slice(*cells.bounds[p, q : q + 2])
            events = Events(cells.users[mine], cells.items[mine], cells.weights[mine])
            learn(events, pools[q], sides, pace, seeds[p, q])

        cells.each(cell)
        if not all(np.isfinite(side.sum()) for side in sides):
            raise Diverged(
                f"BPR: the factors left the range of numbers; turn learning_rate down from {self.learning_rate:g}"
            )

    def _pool(self, items: Index, taken_by: Array) -> Pool:
        chances = np.maximum(taken_by[items], 0.5) ** self.negative_exponent if self.negative_exponent else np.empty(0)
        lottery = Lottery.of(chances)
        return Pool(items, lottery.keep, lottery.other)
