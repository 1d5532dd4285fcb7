"""Nearest neighbours against scikit-learn's cosine and a full sort."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics.pairwise import cosine_similarity

from slatewright.core.arrays import Array
from slatewright.models.knn.neighbors import nearest


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


@pytest.mark.parametrize("n_neighbors", [1, 7, 1000])
@pytest.mark.parametrize(("n_items", "n_users"), [(1, 5), (40, 30), (400, 900)])
def test_cosine_is_that_of_another_library(n_items: int, n_users: int, n_neighbors: int) -> None:
    by_item = matrix(n_items, n_users, 0.1)
    offsets, neighbors, similarities = nearest(by_item, n_neighbors, 0.0)
    found = sparse.csr_matrix((similarities, neighbors, offsets), shape=(n_items, n_items)).toarray()
    np.testing.assert_allclose(found, wanted(cosine_similarity(by_item), n_neighbors), rtol=1e-4, atol=1e-6)


def test_shrinkage_is_added_to_the_denominator() -> None:
    by_item = matrix(30, 50, 0.2)
    offsets, neighbors, similarities = nearest(by_item, 1000, 2.5)
    products = (by_item @ by_item.T).toarray().astype(np.float64)
    lengths = np.sqrt(np.diag(products))
    found = sparse.csr_matrix((similarities, neighbors, offsets), shape=(30, 30)).toarray()
    np.testing.assert_allclose(found, wanted(products / (np.outer(lengths, lengths) + 2.5), 1000), rtol=1e-4, atol=1e-6)


def test_neighbours_come_best_first_with_ties_by_item() -> None:
    by_item = sparse.csr_matrix(np.ones((5, 3), dtype=np.float32))
    offsets, neighbors, _ = nearest(by_item, 2, 0.0)
    assert offsets.tolist() == [0, 2, 4, 6, 8, 10]
    assert neighbors.reshape(5, 2).tolist() == [[1, 2], [0, 2], [0, 1], [0, 1], [0, 1]]
