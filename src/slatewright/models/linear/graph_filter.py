"""A closed-form filter on the graph of users and items: no training loop, one decomposition."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng
from slatewright.data.dataset import Dataset
from slatewright.models.costs import FLOPS, GATHERS, STEPS, Cost, Size
from slatewright.models.fading import HalfLife, HistoryHalfLife, faded_histories
from slatewright.models.linear.spectrum import EXACT, OVERSAMPLING, ROUNDS, bytes_sought, spectrum
from slatewright.models.model import Known
from slatewright.models.shapes.filtered_graph import FilteredGraph


@dataclass(frozen=True)
class GraphFilter:
    """What you did reaches items through the people who did the same; smooth directions of the graph carry further.

    Walks from item to item through the users they share (the linear filter) and an ideal low pass over the graph's
    smooth directions, as in GF-CF (Shen et al.: How Powerful is Graph Convolution for Recommendation?, CIKM 2021), with
    the normalisation by degree before and after the filter of ChebyCF (Kim et al.: Graph Spectral Filtering with
    Chebyshev Interpolation for Recommendation, SIGIR 2025), here with exponents of their own for users and either side
    of a pair.
    """

    embedding_dim: Annotated[
        int, Knob("smooth directions of the graph that are kept", least=1, most=4096, search=(64, 1024))
    ] = 512
    smooth_weight: Annotated[
        float,
        Knob("what smooth directions count next to walks of two steps", least=0, search=(0, 1)),
    ] = 0.15
    sharpening: Annotated[
        float, Knob("how much the strongest directions, which all share, are held back", least=0, most=2, search=(0, 1))
    ] = 0.8
    activity_discount: Annotated[
        float, Knob("an event weighs less in a long history: divided by (items of the user) ** this", least=0, most=2)
    ] = 0.5
    popularity_discount: Annotated[
        float, Knob("an event says less on a popular item: divided by (users of the item) ** this", least=0, most=2)
    ] = 0.75
    score_discount: Annotated[
        float, Knob("a popular item scores less: divided by (users of the item) ** this", least=-1, most=2)
    ] = 0.2
    half_life_days: HalfLife = None
    history_half_life_days: HistoryHalfLife = None
    rng: Annotated[Rng, Knob("seed, or generator, of the search for smooth directions")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> FilteredGraph:
        """Weigh the graph and find its smooth directions."""
        histories = faded_histories(dataset.histories(), dataset.as_of, self.half_life_days)
        by_user = histories.matrix(dataset.n_items)
        popularity = degrees(by_user, axis=0)
        graph, response, factors = self.filtered(by_user)
        by_item = graph.T.tocsr()
        inside = 0.5 * (self.popularity_discount + self.score_discount)  # what the graph itself discounts
        return FilteredGraph(
            Known(dataset.users, dataset.items, dataset.histories()),
            user_offsets=graph.indptr.astype(np.int64),
            user_items=graph.indices.astype(np.int32),
            user_values=graph.data,
            item_offsets=by_item.indptr.astype(np.int64),
            item_users=by_item.indices.astype(np.int32),
            item_values=by_item.data,
            item_factors=factors,
            response=response,
            history_scale=_powers(popularity, inside - self.popularity_discount).astype(np.float32),
            item_scale=_powers(popularity, inside - self.score_discount).astype(np.float32),
            prior=(popularity / max(popularity.max(initial=0), 1)).astype(np.float32),
            half_life_days=np.array([self.history_half_life_days or np.inf]),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )

    def filtered(self, by_user: sparse.csr_matrix) -> tuple[sparse.csr_matrix, Scores, Scores]:
        """The normalised graph, CSR float32 with a largest singular value of 1, and its smooth directions: their
        response float32 (d,) and the directions float32 (n_items, d)."""
        inside = 0.5 * (self.popularity_discount + self.score_discount)
        by_items = _powers(degrees(by_user, axis=0), -inside)
        by_users = _powers(degrees(by_user, axis=1), -0.5 * self.activity_discount)
        graph = by_user.copy()
        values = graph.data * by_items[graph.indices] * np.repeat(by_users, np.diff(graph.indptr))
        graph.data = (values / max(np.abs(values).max(initial=0), np.finfo(np.float64).tiny)).astype(np.float32)
        strengths, factors = spectrum(graph, self.directions, self.rng)
        if len(strengths):
            graph.data /= np.float32(strengths[0])
        shares = (strengths / max(strengths.max(initial=0), np.finfo(np.float64).tiny)) ** 2  # eigenvalues of A'A
        response = self.smooth_weight - self.sharpening * shares**2
        return graph, response.astype(np.float32), factors

    @property
    def directions(self) -> int:
        """How many directions are sought; the strongest is always, for its strength is the unit of the graph."""
        return self.embedding_dim if self.smooth_weight or self.sharpening else 1

    def cost(self, size: Size) -> Cost:
        """The graph both ways and what is made on the way, and the tables of directions while they are sought."""
        rank = min(self.directions, size.n_users, size.n_items)
        width = min(rank + OVERSAMPLING, size.n_users, size.n_items)
        tables = 24.0 * size.n_items**2 if size.n_items <= EXACT else bytes_sought(width, size.n_users, size.n_items)
        graph = 58.0 * size.n_pairs + 16 * size.n_items
        return Cost(
            memory=graph + tables,
            work={
                FLOPS: (ROUNDS + 1) * (5.0 * size.n_items + 2.2 * size.n_users) * width**2 + 400.0 * width**3,
                STEPS: (ROUNDS + 1) * 3.6 * size.n_pairs * width,
                GATHERS: 2.0 * size.n_pairs,
            },
        )


def degrees(by_user: sparse.csr_matrix, axis: int) -> Array:
    """The summed size of the weights of each item (axis 0) or user (axis 1), float64."""
    sums: Array = np.asarray(abs(by_user).astype(np.float64).sum(axis=axis)).ravel()
    return sums


def _powers(sums: Array, exponent: float) -> Array:
    """``sums ** exponent``; 1 for what has no events."""
    return np.where(sums > 0, sums, 1.0) ** exponent
