"""Ward's tree, next to SciPy's."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage

from slatewright.models.segments.ward import cut, ward


@pytest.mark.parametrize(("n", "d"), [(2, 1), (25, 3), (60, 8)])
def test_points_alone_give_the_tree_of_scipy(n: int, d: int) -> None:
    points = np.random.default_rng(n).standard_normal((n, d)).astype(np.float32)
    ours, theirs = ward(points, np.ones(n, dtype=np.int64)), linkage(points.astype(np.float64), "ward")
    np.testing.assert_array_equal(ours[:, [0, 1, 3]], theirs[:, [0, 1, 3]])
    np.testing.assert_allclose(ours[:, 2], theirs[:, 2], rtol=1e-6)


def test_a_point_of_size_three_is_three_points() -> None:
    rng = np.random.default_rng(0)
    points, sizes = rng.standard_normal((12, 2)).astype(np.float32), rng.integers(1, 4, size=12)
    repeated = linkage(np.repeat(points, sizes, axis=0).astype(np.float64), "ward")
    above = repeated[repeated[:, 2] > 1e-9]  # copies meet at height 0
    ours = ward(points, sizes)
    np.testing.assert_allclose(ours[:, 2], above[:, 2], rtol=1e-5)
    assert ours[-1, 3] == 12


def test_by_hand() -> None:
    merges = ward(np.array([[0], [1], [10]], dtype=np.float32), np.array([1, 3, 1]))
    # 0 and 1: sqrt(2 * 1 * 3 / 4) * 1; their centre is 0.75: sqrt(2 * 4 * 1 / 5) * 9.25
    np.testing.assert_allclose(merges, [[0, 1, np.sqrt(1.5), 2], [2, 3, np.sqrt(1.6) * 9.25, 3]])


@pytest.mark.parametrize("n_clusters", [1, 2, 5, 30])
def test_the_cut_is_the_one_of_scipy(n_clusters: int) -> None:
    points = np.random.default_rng(3).standard_normal((30, 2)).astype(np.float32)
    merges = ward(points, np.ones(30, dtype=np.int64))
    ours, theirs = cut(merges, n_clusters), fcluster(merges, n_clusters, "maxclust")
    assert len(set(zip(ours.tolist(), theirs.tolist(), strict=True))) == n_clusters
    assert ours.max() + 1 == n_clusters
    assert ours[0] == 0


def test_one_point_is_one_cluster() -> None:
    merges = ward(np.zeros((1, 2), dtype=np.float32), np.ones(1, dtype=np.int64))
    assert merges.shape == (0, 4)
    assert cut(merges, 3).tolist() == [0]
