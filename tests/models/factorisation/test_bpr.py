"""BPR: the kit, worlds with known answers, and the same factors from any number of threads."""

import numba
import numpy as np
import polars as pl
import pytest
from scipy import sparse

from slatewright.data.dataset import dataset_of
from slatewright.models import BPR
from slatewright.models.costs import Size
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes

from ..peaks import peak_memory
from .events import random_events


class TestBPR(EstimatorKit):
    estimator = BPR(embedding_dim=8, epochs=5)


class TestFadingBPR(EstimatorKit):
    estimator = BPR(embedding_dim=8, epochs=5, n_negatives=1, negative_exponent=1, half_life_days=30)


def some_tastes(n_users: int, n_items: int) -> sparse.csr_matrix:
    rng = np.random.default_rng(3)
    liked = np.add.outer(np.arange(n_users), np.arange(n_items)) % 4 == 0
    return sparse.csr_matrix((rng.random((n_users, n_items)) < np.where(liked, 0.2, 0.01)).astype(np.float32))


@pytest.mark.parametrize("knobs", [BPR(embedding_dim=2), BPR(embedding_dim=2, n_negatives=1, negative_exponent=1)])
def test_recommends_to_each_taste_its_own(knobs: BPR) -> None:
    dataset = dataset_of(two_tastes())
    answer = knobs.fit(dataset).recommend(list(dataset.users), 1)
    user, item = (answer[name].str.slice(1).cast(pl.Int32) for name in ("user_id", "item_id"))
    assert float(np.mean((user % 2 == item % 2).to_numpy())) > 0.95


def test_the_factors_do_not_depend_on_the_number_of_threads() -> None:
    matrix, knobs = some_tastes(400, 1100), BPR(embedding_dim=4, epochs=3)
    assert matrix.nnz > 1 << 14
    several = knobs.factorise(matrix)
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        one = knobs.factorise(matrix)
    finally:
        numba.set_num_threads(before)
    for side, other in zip(several, one, strict=True):
        np.testing.assert_array_equal(side, other)


def test_learned_vectors_rank_what_was_taken_above_what_was_not() -> None:
    matrix = some_tastes(400, 1100)
    users, items = BPR(embedding_dim=8, epochs=20).factorise(matrix)
    scores, liked = users @ items.T, np.add.outer(np.arange(400), np.arange(1100)) % 4 == 0
    assert scores[liked].mean() > scores[~liked].mean() + 1


@pytest.mark.parametrize("embedding_dim", [8, 64])
def test_the_cost_tells_the_memory_of_a_fit(embedding_dim: int) -> None:
    dataset = random_events(6000, 2000, 200_000)  # looking for BLAS takes half a MB, whatever the size
    knobs = BPR(embedding_dim=embedding_dim, epochs=1)
    knobs.fit(dataset)  # compiles
    peak = peak_memory(lambda: knobs.fit(dataset))
    cost = knobs.cost(Size.of(dataset))
    assert cost.memory == pytest.approx(peak, rel=0.3)
    assert min(cost.work.values()) > 0
