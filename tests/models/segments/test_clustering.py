"""Rows in groups."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_rand_score

from slatewright.core.arrays import Scores
from slatewright.models.segments import clustering
from slatewright.models.segments.clustering import METHODS, cluster, k_means, means_of
from slatewright.models.segments.spaces import nearest


def blobs(n: int = 300, k: int = 4) -> tuple[Scores, np.ndarray]:
    draw = np.random.default_rng(1)
    label = np.sort(draw.integers(k, size=n))
    return (10 * np.eye(k, 5)[label] + draw.standard_normal((n, 5))).astype(np.float32), label


@pytest.mark.parametrize("method", METHODS)
def test_blobs_are_found_the_largest_first(method: str) -> None:
    rows, label = blobs()
    found = cluster(rows, 4, method, 0)
    assert adjusted_rand_score(label, found.labels) == 1
    assert (np.diff(found.sizes) <= 0).all()
    np.testing.assert_array_equal(np.bincount(found.labels), found.sizes)
    for at in range(4):
        np.testing.assert_allclose(found.centroids[at], rows[found.labels == at].mean(axis=0), rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(nearest(rows, found.centroids), found.labels)


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_groups(method: str) -> None:
    rows = np.random.default_rng(0).standard_normal((800, 6)).astype(np.float32)
    first, second = (cluster(rows, 7, method, 5) for _ in range(2))
    np.testing.assert_array_equal(first.labels, second.labels)
    np.testing.assert_array_equal(first.centroids, second.centroids)


def test_few_rows_are_clustered_as_scipy_does() -> None:
    rows = np.random.default_rng(2).standard_normal((120, 4)).astype(np.float32)
    theirs = fcluster(linkage(rows.astype(np.float64), "ward"), 6, "maxclust")
    assert adjusted_rand_score(theirs, cluster(rows, 6, "hierarchical", 0).labels) == 1


def test_above_the_cut_the_tree_goes_on() -> None:
    rows = np.random.default_rng(3).standard_normal((90, 3)).astype(np.float32)
    whole = linkage(rows.astype(np.float64), "ward")
    np.testing.assert_allclose(cluster(rows, 5, "hierarchical", 0).tree()[:, 2], whole[-4:, 2], rtol=1e-4)


def test_more_groups_than_different_rows_gives_a_group_for_each() -> None:
    rows = np.repeat(np.eye(3, dtype=np.float32), [5, 4, 3], axis=0)
    for method in METHODS:
        assert cluster(rows, 50, method, 0).sizes.tolist() == [5, 4, 3]
        assert cluster(rows[:1], 2, method, 0).sizes.tolist() == [1]


def test_many_rows_learn_from_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustering, "MINI_BATCH", 100)
    rows, label = blobs(600)
    assert adjusted_rand_score(label, k_means(rows, 4, 0)) > 0.99


def test_means_by_hand() -> None:
    means, sizes = means_of(np.array([[0, 2], [4, 4], [2, 4]], np.float32), np.array([1, 0, 1], np.int32))
    assert means.tolist() == [[4, 4], [1, 3]]
    assert sizes.tolist() == [1, 2]
