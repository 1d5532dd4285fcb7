"""Content-based recommendation: items are like what the history holds when their facts are alike."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Mask, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.content.fact_features import FactFeatures
from slatewright.models.content.sparse_rows import SparseRows
from slatewright.models.content.taste import Taste
from slatewright.models.costs import SORTED, Cost, Size, csr_bytes
from slatewright.models.fading import HistoryHalfLife, faded_histories
from slatewright.models.model import Known
from slatewright.models.shapes.item_vectors import ItemVectors

ABOUT_ITEMS = FactFeatures()
ABOUT_PEOPLE = FactFeatures(word_weight=0, piece_weight=0, number_weight=1, most_features=100)


@dataclass(frozen=True)
class Content:
    """Items whose facts are like those of the history's items, bought before or not.

    Text weighs by TF-IDF (Salton, Buckley: Term-weighting approaches in automatic text retrieval, 1988) or BM25
    (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009); a history is the sum of its items (Rocchio
    1971).
    """

    features: Annotated[FactFeatures, Knob("how the facts of items become features")] = ABOUT_ITEMS
    user_features: Annotated[FactFeatures, Knob("how the facts of users become features")] = ABOUT_PEOPLE
    prior_weight: Annotated[
        float, Knob("how many events popularity counts for, next to the history", above=0, search=(0.01, 10))
    ] = 1.0
    user_reg: Annotated[
        float, Knob("doubt of what facts of users say, in users who are as the mean", above=0, search=(1, 1000))
    ] = 100.0
    half_life_days: Annotated[
        float | None, Knob("in popularity an event this many days old counts half", above=0, search=(7, 730))
    ] = None
    history_half_life_days: HistoryHalfLife = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> ItemVectors:
        """Learn what the facts of items that somebody took say, and what people with the same facts take."""
        hot = np.bincount(dataset.interactions.item, minlength=dataset.n_items) > 0
        facts = dataset.item_facts
        space = self.features.learn(facts, hot if facts.height and hot.any() else None)
        rows = space.matrix(facts, dataset.n_items)
        taken = shares_taken(dataset, self.half_life_days)
        often = np.asarray(taken.sum(axis=0), dtype=np.float64).ravel()
        most = max(float(often.max(initial=0)), 1e-12)
        return ItemVectors(
            Known(dataset.users, dataset.items, dataset.histories()),
            space=space,
            rows=SparseRows.of(rows),
            postings=SparseRows.of(rows.T.tocsr()),
            prior=expected(often / most, rows, hot),
            taste=Taste.fit(self.user_features, dataset.user_facts, taken, self.user_reg),
            prior_weight=np.array([self.prior_weight]),
            prior_scale=np.array([max(1, int(np.count_nonzero(np.diff(taken.indptr)))) / most]),
            half_life_days=np.array([self.history_half_life_days or np.inf]),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )

    def cost(self, size: Size) -> Cost:
        """What was taken, and the features of the items, each a few times."""
        memory = 4 * csr_bytes(size.n_users, size.n_pairs) + 4 * csr_bytes(size.n_items, size.n_entries())
        return Cost(memory, {SORTED: 70 * size.n_entries() + 10 * size.n_pairs})


def shares_taken(dataset: Dataset, half_life_days: float | None) -> sparse.csr_matrix:
    """What each user took, CSR float32 (n_users, n_items), each entry the pair's weight cut to between 0 and 1."""
    taken = faded_histories(dataset.histories(), dataset.as_of, half_life_days).matrix(dataset.n_items)
    taken.data = np.clip(taken.data, 0, 1)
    taken.eliminate_zeros()
    return taken


def expected(often: Array, rows: sparse.csr_matrix, hot: Mask) -> Scores:
    """Popularity float32 (n_items,); an item without events is expected to be as popular as what shares its features.

    Between 0 and the mean of the hot items alike, with one item of popularity 0 as a doubt.
    """
    shared = rows[hot].T
    alike = rows @ (shared @ often[hot])
    weight = rows @ (shared @ np.ones(np.count_nonzero(hot)))
    guess = alike / (weight + 1)
    return np.where(hot, often, guess).astype(np.float32)
