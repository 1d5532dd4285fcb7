"""The graph filter: the kit, and the filter written out with dense matrices."""

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from slatewright.core.arrays import Array
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import GraphFilter
from slatewright.models.costs import Size
from slatewright.models.linear.graph_filter import degrees
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import checkerboard, two_tastes


class TestGraphFilter(EstimatorKit):
    estimator = GraphFilter()


class TestGraphFilterOfWalksAlone(EstimatorKit):
    estimator = GraphFilter(smooth_weight=0, sharpening=0, half_life_days=20, history_half_life_days=5)


class TestGraphFilterAsPublished(EstimatorKit):
    estimator = GraphFilter(
        embedding_dim=3,
        smooth_weight=0.3,
        sharpening=0,
        activity_discount=1,
        popularity_discount=0.5,
        score_discount=0.5,
    )


def written_out(table: Array, knobs: GraphFilter) -> Array:
    """The number of every pair of items, float64 (n_items, n_items): row i is what item i of a history says."""
    users, items = (np.maximum(table.sum(axis=axis), 1e-9) for axis in (1, 0))
    inside = (knobs.popularity_discount + knobs.score_discount) / 2
    graph = users[:, None] ** (-knobs.activity_discount / 2) * table * items ** (-inside)
    _, strengths, directions = np.linalg.svd(graph, full_matrices=False)
    smooth = directions[: knobs.embedding_dim]
    shares = strengths[: knobs.embedding_dim] ** 2 / strengths[0] ** 2
    response = knobs.smooth_weight - knobs.sharpening * shares**2
    pairs = graph.T @ graph / strengths[0] ** 2 + smooth.T * response @ smooth
    before, after = items ** (inside - knobs.popularity_discount), items ** (inside - knobs.score_discount)
    full: Array = before[:, None] * pairs * after
    return full


@pytest.mark.parametrize(
    "knobs",
    [
        GraphFilter(embedding_dim=2),
        GraphFilter(embedding_dim=5, smooth_weight=1.0, activity_discount=1, popularity_discount=1, score_discount=0),
        GraphFilter(embedding_dim=1, smooth_weight=0, sharpening=0, activity_discount=0, score_discount=0.5),
    ],
)
def test_equals_the_filter_written_out(knobs: GraphFilter) -> None:
    dataset = dataset_of(two_tastes(80, 30, rng=3))
    table = dataset.matrix().toarray().astype(np.float64)
    expected = table @ written_out(table, knobs)
    model = knobs.fit(dataset)
    np.testing.assert_allclose(model.score(dataset.histories()), expected, rtol=2e-4, atol=1e-5)


def test_walks_by_hand() -> None:
    """Two users: one took a and b, one b and c; from a only b is two steps away, and c from b as near as a."""
    rows = [("u1", "a"), ("u1", "b"), ("u2", "b"), ("u2", "c")]
    dataset = dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id"], orient="row"))
    walks = GraphFilter(
        smooth_weight=0, sharpening=0, activity_discount=1, popularity_discount=1, score_discount=0
    ).fit(dataset)
    scores = walks.score(Histories.of([[0], [1], [0, 2]]))  # a; b; a and c
    # Divided by 2 events of the user and by the item's own users; the largest singular value is 1 by then.
    np.testing.assert_allclose(scores, [[1 / 2, 1 / 2, 0], [1 / 4, 1 / 2, 1 / 4], [1 / 2, 1, 1 / 2]], atol=1e-6)


def test_reasons_add_up_to_the_score() -> None:
    dataset = dataset_of(two_tastes())
    model = GraphFilter(embedding_dim=4).fit(dataset)
    history = dataset.histories().take(np.array([5], dtype=np.int32))
    scores = model.score(history)[0]
    for item in (0, 7):
        assert model.reasons(history, item).sum() == pytest.approx(scores[item], rel=1e-4)


def test_finds_what_a_checkerboard_left_out() -> None:
    dataset = dataset_of(checkerboard())
    lists = GraphFilter(embedding_dim=2).fit(dataset).best(dataset.histories(), 1)
    even = np.arange(0, dataset.n_users, 1)
    np.testing.assert_array_equal(lists.items[even, 0], even)


def test_a_weight_counts_as_that_many_events() -> None:
    table = sparse.csr_matrix(np.array([[2, 0, 1], [0, -3, 0]], dtype=np.float32))
    assert degrees(table, axis=1).tolist() == [3, 3]
    assert degrees(table, axis=0).tolist() == [2, 3, 1]


def test_the_cost_grows_with_the_graph_and_the_directions() -> None:
    small = Size(1000, 2000, 50_000, 50_000, 0, 0, 0)
    large = Size(100_000, 2000, 5_000_000, 5_000_000, 0, 0, 0)
    assert GraphFilter().cost(large).memory > 2 * GraphFilter().cost(small).memory
    assert GraphFilter(embedding_dim=64).cost(small).work["flops"] < GraphFilter().cost(small).work["flops"] / 4
