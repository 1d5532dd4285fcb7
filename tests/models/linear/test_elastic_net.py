"""The elastic net of every item on the others, against scikit-learn, on both ways of descent."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import ElasticNet

from slatewright.core.arrays import Array
from slatewright.models.linear import elastic_net as module
from slatewright.models.linear.descent import Limits, Penalties
from slatewright.models.linear.elastic_net import elastic_net, gram_pays, squares_of

TABLE = sparse.random(120, 40, 0.15, format="csr", dtype=np.float32, rng=np.random.default_rng(2))


def from_scikit_learn(table: sparse.csr_matrix, alpha: float, l1_ratio: float, positive: bool) -> Array:
    """The same columns, one by one; alpha and l1_ratio as scikit-learn has them."""
    dense = table.toarray().astype(np.float64)
    model = ElasticNet(alpha=alpha, l1_ratio=l1_ratio, positive=positive, fit_intercept=False, tol=1e-9, max_iter=10**5)
    columns = []
    for target in range(dense.shape[1]):
        others = dense.copy()
        others[:, target] = 0
        columns.append(model.fit(others, dense[:, target]).coef_)
    return np.stack(columns, axis=1)


def found(table: sparse.csr_matrix, alpha: float, l1_ratio: float, negative: bool) -> Array:
    n_users, n_items = table.shape
    on_squares = np.full(n_items, n_users * alpha * (1 - l1_ratio))
    limits = Limits(n_items, 10**4, 1e-7)
    dense: Array = elastic_net(table, Penalties(on_squares, n_users * alpha * l1_ratio, negative), limits).toarray()
    return dense


@pytest.mark.parametrize("from_gram", [True, False])
@pytest.mark.parametrize(("alpha", "l1_ratio"), [(1e-6, 0.005), (1e-3, 0.1), (5e-3, 0.5)])
def test_equals_the_elastic_net_of_scikit_learn(
    from_gram: bool, alpha: float, l1_ratio: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "gram_pays", lambda _: from_gram)
    expected = from_scikit_learn(TABLE, alpha, l1_ratio, positive=True)
    np.testing.assert_allclose(found(TABLE, alpha, l1_ratio, negative=False), expected, atol=1e-4)


@pytest.mark.parametrize("from_gram", [True, False])
def test_numbers_below_zero_where_they_may_be(from_gram: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "gram_pays", lambda _: from_gram)
    table = sparse.random(90, 15, 0.5, format="csr", dtype=np.float32, rng=np.random.default_rng(3))  # all items meet
    expected = from_scikit_learn(table, 1e-3, 0.3, positive=False)
    assert (expected < -0.01).any()
    np.testing.assert_allclose(found(table, 1e-3, 0.3, negative=True), expected, atol=1e-4)


@pytest.mark.parametrize("from_gram", [True, False])
def test_the_candidates_are_the_items_that_say_most_by_themselves(
    from_gram: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "gram_pays", lambda _: from_gram)
    penalties = Penalties(np.full(40, 2.0), 0.0, False)
    pairs = elastic_net(TABLE, penalties, Limits(3, 100, 1e-6))
    gram = (TABLE.T @ TABLE).toarray()
    gains = gram**2 / (squares_of(TABLE) + 2)[:, None]
    np.fill_diagonal(gains, 0)
    for target in range(40):
        rows = pairs.indices[pairs.indptr[target] : pairs.indptr[target + 1]]
        assert set(rows) <= set(np.argsort(-gains[:, target])[:3])


def test_one_pass_is_the_limit_where_it_is_asked_for() -> None:
    penalties = Penalties(np.full(40, 0.1), 0.0, False)
    once, settled = (elastic_net(TABLE, penalties, Limits(40, epochs, 1e-8)).toarray() for epochs in (1, 1000))
    assert abs(once - settled).max() > 1e-3


def test_the_gram_matrix_pays_where_items_meet_often() -> None:
    assert gram_pays(sparse.csr_matrix(np.ones((5, 4), dtype=np.float32)))
    assert not gram_pays(sparse.identity(9, dtype=np.float32, format="csr"))
    assert squares_of(TABLE) == pytest.approx((TABLE.T @ TABLE).diagonal())
