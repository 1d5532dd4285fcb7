"""Ranking metrics against hand calculations and scikit-learn."""

import math

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, ndcg_score

from slatewright.metrics.ranking import BLOCK, METRICS, average_precision, coverage, ndcg, ranking_values, recall

# A list of four with hits at positions 2 and 4, for a user with three relevant items.
BY_HAND = {
    "recall": 2 / 3,
    "precision": 2 / 4,
    "hit_rate": 1.0,
    "mrr": 1 / 2,
    "map": (1 / 2 + 2 / 4) / 3,
    "ndcg": (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3) + 1 / math.log2(4)),
}


@pytest.mark.parametrize("name", sorted(METRICS))
def test_by_hand(name: str) -> None:
    found = np.array([[False, True, False, True]])
    assert METRICS[name](found, np.array([3])) == pytest.approx([BY_HAND[name]])


@pytest.mark.parametrize("name", sorted(METRICS))
def test_the_best_list_scores_one_and_the_worst_nothing(name: str) -> None:
    found = np.array([[True, True, True], [False, False, False]])
    assert METRICS[name](found, np.array([3, 3])).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("name", sorted(set(METRICS) - {"hit_rate"}))
def test_one_more_hit_moves_it(name: str) -> None:
    found = np.array([[False, False, True, False], [False, True, True, False]])
    worse, better = METRICS[name](found, np.array([4, 4]))
    assert better > worse


@pytest.mark.parametrize("name", ["ndcg", "map", "mrr"])
def test_the_same_hits_higher_up_are_worth_more(name: str) -> None:
    found = np.array([[False, False, True, True], [True, False, False, True]])
    lower, higher = METRICS[name](found, np.array([2, 2]))
    assert higher > lower


def test_more_relevant_items_than_places() -> None:
    found = np.array([[True, True]])
    assert recall(found, np.array([8])).tolist() == [0.25]
    assert average_precision(found, np.array([8])).tolist() == [1.0]
    assert ndcg(found, np.array([8])).tolist() == [1.0]


def test_scikit_learn_agrees() -> None:
    rng = np.random.default_rng(3)
    truth = rng.random((40, 30)) < 0.2
    truth[:, 0] = True
    scores = rng.permuted(np.tile(np.arange(30.0), (40, 1)), axis=1)
    order = np.argsort(-scores, axis=1)
    found, n_relevant = np.take_along_axis(truth, order, axis=1), truth.sum(axis=1)
    for k in (1, 5, 30):
        assert ndcg(found[:, :k], n_relevant).mean() == pytest.approx(ndcg_score(truth, scores, k=k))
    expected = [average_precision_score(t, s) for t, s in zip(truth, scores, strict=True)]
    assert average_precision(found, n_relevant) == pytest.approx(expected)


def test_coverage_counts_each_shown_item_once() -> None:
    lists = np.array([[0, 1, 5], [1, 0, 9]], dtype=np.int32)
    assert coverage(lists, np.array([3, 2]), 10) == pytest.approx(0.3)
    assert coverage(lists, np.array([0, 0]), 10) == 0.0
    assert coverage(lists[:0], np.array([], dtype=np.int64), 0) == 0.0


def test_many_users_at_once_are_the_same_as_each_metric_by_itself() -> None:
    rng = np.random.default_rng(9)
    found, n_relevant = rng.random((BLOCK + 7, 5)) < 0.3, rng.integers(5, 9, BLOCK + 7)
    values = ranking_values(found, n_relevant)
    assert [column.tolist() for column in values.T] == [one(found, n_relevant).tolist() for one in METRICS.values()]
    assert ranking_values(found[:0], n_relevant[:0]).shape == (0, len(METRICS))
