import numpy as np
import pytest
from scipy import sparse

from slatewright.core.errors import BadInput
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models.costs import GATHERS, STEPS, Size
from slatewright.models.linear.neighborhoods import descent_cost, model_of, table_of
from slatewright.testing.worlds import two_tastes


def test_item_i_speaks_for_item_j_by_the_number_in_row_i_and_column_j() -> None:
    dataset = dataset_of(two_tastes())
    by_user = table_of("anybody", dataset, None)
    pairs = sparse.random(dataset.n_items, dataset.n_items, 0.5, "csc", np.float32, rng=np.random.default_rng(0))
    model = model_of(dataset, by_user, pairs, None)
    np.testing.assert_allclose(model.score(Histories.of([[2]]))[0], pairs.toarray()[2], rtol=1e-6)


def test_weights_beyond_float32_are_refused_by_the_name_of_the_estimator() -> None:
    with pytest.raises(BadInput, match=r"Somebody takes weights up to 1e\+09, got 2e\+09"):
        table_of("Somebody", dataset_of(two_tastes(), weights={"purchase": 2e9, "view": 2e9, "interaction": 2e9}), None)


def test_dense_tables_are_solved_on_a_gram_matrix_and_pay_for_it() -> None:
    dense, thin = (Size(100, 1_000, 10**5, 10**5, meetings, 1e6, 0) for meetings in (1e7, 1e5))
    assert descent_cost(dense, 10, 40).memory > 4 * 1_000**2 > descent_cost(thin, 10, 40).memory
    assert STEPS in descent_cost(dense, 10, 40).work
    assert set(descent_cost(thin, 10, 40).work) == {GATHERS}
