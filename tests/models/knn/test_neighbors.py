"""Nearest neighbours against scikit-learn, NumPy and a full sort."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import jaccard_score
from sklearn.metrics.pairwise import cosine_similarity

from slatewright.core.arrays import Array
from slatewright.models.knn.neighbors import likeness_of, nearest, rows_times


def matrix(n_items: int, n_users: int, density: float, seed: int = 0) -> sparse.csr_matrix:
    return sparse.random(n_items, n_users, density, format="csr", dtype=np.float32, random_state=seed)


def wanted(similarity: Array, n_neighbors: int) -> Array:
    """The best of each row, the item itself and what is not positive left out."""
    kept = np.zeros_like(similarity)
    np.fill_diagonal(similarity, 0)
    for item, row in enumerate(similarity):
        best = np.lexsort((np.arange(len(row)), -row))[:n_neighbors]
        kept[item, best] = np.maximum(row[best], 0)
    return kept


def found(by_item: sparse.csr_matrix, n_neighbors: int, similarity: str = "cosine", shrinkage: float = 0.0) -> Array:
    offsets, neighbors, numbers = nearest(by_item, n_neighbors, likeness_of(by_item, similarity, shrinkage))
    dense: Array = sparse.csr_matrix((numbers, neighbors, offsets), shape=(by_item.shape[0],) * 2).toarray()
    return dense


@pytest.mark.parametrize("n_neighbors", [1, 7, 1000])
@pytest.mark.parametrize(("n_items", "n_users"), [(1, 5), (40, 30), (400, 900)])
def test_cosine_is_that_of_another_library(n_items: int, n_users: int, n_neighbors: int) -> None:
    by_item = matrix(n_items, n_users, 0.1)
    np.testing.assert_allclose(
        found(by_item, n_neighbors), wanted(cosine_similarity(by_item), n_neighbors), rtol=1e-4, atol=1e-6
    )


def test_jaccard_of_sets_is_that_of_another_library() -> None:
    by_item = matrix(30, 50, 0.2)
    by_item.data[:] = 1
    sets = by_item.toarray().astype(bool)
    likeness = np.array([[jaccard_score(one, other, zero_division=0) for other in sets] for one in sets])
    np.testing.assert_allclose(found(by_item, 1000, "jaccard"), wanted(likeness, 1000), rtol=1e-4, atol=1e-6)


def test_pearson_is_numpys_with_zeros_for_absent_pairs() -> None:
    by_item = matrix(30, 50, 0.3)
    likeness = np.corrcoef(by_item.toarray())
    shared = (by_item @ by_item.T).toarray() > 0
    np.testing.assert_allclose(
        found(by_item, 5, "pearson"), wanted(np.where(shared, likeness, 0), 5), rtol=1e-3, atol=1e-5
    )


def test_an_item_that_everybody_took_alike_correlates_with_nothing() -> None:
    by_item = sparse.csr_matrix(np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0]], dtype=np.float32))
    likeness = found(by_item, 5, "pearson")
    assert likeness[0] == pytest.approx([0, 0, 0])
    assert likeness[1, 2] == pytest.approx(0.5)


def test_shrinkage_is_added_to_the_denominator() -> None:
    by_item = matrix(30, 50, 0.2)
    products = (by_item @ by_item.T).toarray().astype(np.float64)
    lengths = np.sqrt(np.diag(products))
    likeness = products / (np.outer(lengths, lengths) + 2.5)
    np.testing.assert_allclose(found(by_item, 1000, "cosine", 2.5), wanted(likeness, 1000), rtol=1e-4, atol=1e-6)


def test_asymmetry_multiplies_by_the_ratio_of_the_audiences() -> None:
    by_item = matrix(30, 50, 0.2)
    likeness = likeness_of(by_item, "cosine", 0.0, asymmetry=0.5)
    offsets, neighbors, numbers = nearest(by_item, 1000, likeness)
    numbers = rows_times(offsets, numbers, 1 / likeness.gains)
    products = (by_item @ by_item.T).toarray().astype(np.float64)
    lengths = np.sqrt(np.diag(products))
    audience = np.maximum(np.diff(by_item.indptr), 1.0)
    by_hand = wanted(products / np.outer(lengths, lengths) * np.outer(audience**-0.25, audience**0.25), 1000)
    dense = sparse.csr_matrix((numbers, neighbors, offsets), shape=(30, 30)).toarray()
    np.testing.assert_allclose(dense, by_hand, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("n_neighbors", [1, 3, 40])
def test_products_that_cancel_are_counted_once(n_neighbors: int) -> None:
    signs = np.random.default_rng(0).choice([-1, 0, 1], size=(60, 40)).astype(np.float32)
    by_item = sparse.csr_matrix(signs)
    likeness = np.round(cosine_similarity(by_item), 6)
    values = np.sort(found(by_item, n_neighbors), axis=1)
    np.testing.assert_allclose(values, np.sort(wanted(likeness, n_neighbors), axis=1), rtol=1e-4, atol=1e-5)


def test_of_equal_neighbours_those_of_lower_index_are_kept() -> None:
    by_item = sparse.csr_matrix(np.ones((300, 3), dtype=np.float32))
    offsets, neighbors, _ = nearest(by_item, 2, likeness_of(by_item, "cosine", 0.0))
    assert np.diff(offsets).tolist() == [2] * 300
    assert np.sort(neighbors.reshape(300, 2), axis=1)[:4].tolist() == [[1, 2], [0, 2], [0, 1], [0, 1]]
    assert (np.sort(neighbors.reshape(300, 2)[3:], axis=1) == [0, 1]).all()
