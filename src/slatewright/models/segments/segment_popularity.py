"""Segment popularity: what people of the same kind take."""

import warnings
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from slatewright.core.arrays import Array, Arrays, Index, Offsets, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng
from slatewright.data.dataset import Dataset
from slatewright.models.costs import FLOPS, GATHERS, STEPS, Cost, Size, csr_bytes
from slatewright.models.fading import faded_histories
from slatewright.models.model import Known
from slatewright.models.segments.choosing import FEWEST, MOST, SAMPLE
from slatewright.models.segments.clustering import MOST_LEAVES, STARTS
from slatewright.models.segments.segmentation import BY_WHAT, DIM, METHOD, NUMBER, Segmentation, Segments, seed_of
from slatewright.models.segments.spaces import has_facts, read_facts
from slatewright.models.segments.vectors import OVERSAMPLES, event_space, facts_model
from slatewright.models.shapes.segment_scores import SegmentScores

NEVER = -30.0  # the mark of a segment to which nobody with facts belongs
LLOYD_ROUNDS = 25  # of k-means until nothing moves, usually
MOST_EXAMPLES = 100_000  # users from whom the map from facts to segments is learned


@dataclass(frozen=True)
class SegmentPopularity:
    """Items by how often people of the same kind take them; history and facts say of which kind somebody is, likely.

    The cluster model of Breese, Heckerman, Kadie (Empirical Analysis of Predictive Algorithms for Collaborative
    Filtering, UAI 1998), with segments by k-means or a tree, and facts beside events.
    """

    n_segments: Annotated[int | None, NUMBER] = None
    method: Annotated[str, METHOD] = "kmeans"
    by: Annotated[str, BY_WHAT] = "history"
    embedding_dim: Annotated[int, DIM] = 16
    shrinkage: Annotated[
        float, Knob("weight of events lent to each segment, spread as everybody's", least=0, search=(1, 10_000))
    ] = 100.0
    most_items: Annotated[int, Knob("items kept per segment, its most frequent ones", least=1)] = 2000
    half_life_days: Annotated[
        float | None, Knob("an event this many days old counts half; none: all count alike", above=0, search=(3, 365))
    ] = None
    rng: Annotated[Rng, Knob("seed, or generator, of the first centres")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> SegmentScores:
        """Find the segments, what each of them takes, and what facts say of who belongs where."""
        seed = seed_of(self.rng)
        knobs = Segmentation("users", self.n_segments, self.method, self.by, self.embedding_dim, seed)
        found = knobs.segment(dataset)
        space = found.space or event_space(dataset, self.embedding_dim, seed)[0]
        labels = np.zeros(dataset.n_users, dtype=np.int32)  # readable where found.known
        labels[found.known] = 0 if found.clusters is None else found.clusters.labels
        sizes = np.bincount(labels[found.known], minlength=len(found)) / max(int(found.known.sum()), 1)
        weights, bias, encoding = _from_facts(dataset, found, labels, seed)
        return SegmentScores(
            Known(dataset.users, dataset.items, dataset.histories()),
            *self._shares(dataset, found, labels),
            sizes=sizes.astype(np.float32),
            item_vectors=space.item_vectors,
            fact_weights=weights,
            fact_bias=bias,
            facts_first=np.array([self.by == "facts"]),
            encoding=encoding,
        )

    def cost(self, size: Size) -> Cost:
        width = self.embedding_dim + OVERSAMPLES
        rows = 4.0 * (size.n_users + size.n_items) * width
        tried = MOST - FEWEST + 1 if self.n_segments is None else 1
        distances = float(min(SAMPLE, size.n_users)) ** 2 if self.n_segments is None else 0.0
        groups = MOST_LEAVES if self.method == "hierarchical" else STARTS * (self.n_segments or (MOST + FEWEST) / 2)
        lloyd = 50.0 * size.n_users * self.embedding_dim * groups * LLOYD_ROUNDS * tried
        work = {FLOPS: lloyd, GATHERS: 3.0 * size.n_pairs * width, STEPS: 300 * distances * tried}
        return Cost(max(4 * csr_bytes(size.n_users, size.n_pairs) + rows, 8.5 * distances + 2 * rows), work)

    def _shares(
        self, dataset: Dataset, found: Segments, labels: Index
    ) -> tuple[Offsets, Index, Scores, Scores, Scores]:
        """What each segment takes, as ``SegmentScores`` words it: offsets, items, shares, kept, prior."""
        taken = faded_histories(dataset.histories(), dataset.as_of, self.half_life_days).matrix(dataset.n_items)
        taken.data = np.maximum(taken.data, 0).astype(np.float64)
        users = np.flatnonzero(found.known)
        ones = np.ones(len(users))
        belongs = sparse.csr_matrix((ones, (labels[users], users)), shape=(len(found), dataset.n_users))
        counts = sparse.csr_matrix(belongs @ taken)
        everybody = np.asarray(taken.sum(axis=0), dtype=np.float64).ravel()
        prior = everybody / max(float(everybody.sum()), 1e-30)
        lent = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel() + self.shrinkage
        lent = np.where(lent > 0, lent, 1.0)
        kept = np.where(lent > self.shrinkage, self.shrinkage / lent, 1.0)
        counts.data = counts.data / np.repeat(lent, np.diff(counts.indptr))
        offsets, items, shares = _largest(counts, self.most_items)
        return offsets, items, shares, kept.astype(np.float32), prior.astype(np.float32)


def _largest(counts: sparse.csr_matrix, most: int) -> tuple[Offsets, Index, Scores]:
    """The ``most`` largest entries of each row, as CSR, columns sorted."""
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    order = np.lexsort((counts.indices, -counts.data, rows))
    place = np.arange(len(rows)) - counts.indptr[:-1][rows]
    chosen = order[(place < most) & (counts.data[order] > 0)]
    kept = sparse.csr_matrix((counts.data[chosen], (rows[chosen], counts.indices[chosen])), shape=counts.shape)
    kept.sort_indices()
    return kept.indptr.astype(np.int64), kept.indices.astype(np.int32), kept.data.astype(np.float32)


def _from_facts(dataset: Dataset, found: Segments, labels: Index, seed: int) -> tuple[Scores, Scores, Arrays]:
    """Weights (columns, k) and bias (k,) of a multinomial logistic regression, and the encoding of the facts."""
    known = has_facts(dataset.user_facts, dataset.n_users)
    examples = np.flatnonzero(known & found.known)
    model = facts_model(dataset.user_facts, known)
    if model is None or not len(examples):
        return np.zeros((0, len(found)), np.float32), np.zeros(len(found), np.float32), {}
    if len(examples) > MOST_EXAMPLES:
        examples = np.sort(np.random.default_rng(seed).choice(examples, MOST_EXAMPLES, replace=False))
    rows = read_facts(model, dataset.user_facts[examples])
    weights, bias = _logistic(rows, labels[examples], len(found))
    return weights, bias, model.arrays()


def _logistic(rows: Scores, labels: Index, n_segments: int) -> tuple[Scores, Scores]:
    weights = np.zeros((rows.shape[1], n_segments), dtype=np.float32)
    bias = np.full(n_segments, NEVER, dtype=np.float32)
    present = np.unique(labels)
    if len(present) == 1:
        bias[present] = 0
        return weights, bias
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # nearly converged chances rank the segments as well
        learned = LogisticRegression(max_iter=200).fit(rows, labels)
    two = len(present) == 2  # scikit-learn then gives the marks of the second one alone
    weights[:, present] = _both(learned.coef_).T if two else learned.coef_.T
    bias[present] = _both(learned.intercept_[:, None]).ravel() if two else learned.intercept_
    return weights, bias


def _both(second: Array) -> Array:
    """Marks of two classes from those of the second, (2, columns)."""
    return np.concatenate([np.zeros_like(second), second])
