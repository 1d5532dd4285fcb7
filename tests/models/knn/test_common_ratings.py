import numpy as np
import pytest
from scipy import sparse

from slatewright.models.knn.common_ratings import nearest_by_ratings
from slatewright.models.knn.neighbors import Lists

BY_ITEM = sparse.csr_matrix(np.array([[5, 3, 0, 1], [4, 0, 0, 1], [0, 2, 5, 4]], dtype=np.float32))


def found(kind: int, shrinkage: float = 0.0, n_kept: int = 5) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    offsets, members, likeness = nearest_by_ratings(
        Lists.of(BY_ITEM), Lists.of(BY_ITEM.T.tocsr()), n_kept, kind, shrinkage
    )
    return np.asarray(sparse.csr_matrix((likeness, members, offsets), shape=(3, 3)).toarray())


def test_the_cosine_is_taken_over_those_who_rated_both() -> None:
    assert found(1)[0, 1] == pytest.approx(21 / np.sqrt(26 * 17))
    assert found(1)[0, 2] == pytest.approx(10 / np.sqrt(10 * 20))


def test_the_mean_squared_difference_is_turned_round() -> None:
    assert found(2)[0, 1] == pytest.approx(1 / (1 + 0.5))
    assert found(2)[0, 2] == pytest.approx(1 / (1 + 5))


def test_few_in_common_are_doubted() -> None:
    assert found(1, shrinkage=3)[0, 1] == pytest.approx(21 / np.sqrt(26 * 17) / 4)
    assert found(1, shrinkage=3)[1, 2] == 0  # one in common proves nothing


def test_only_the_best_are_kept() -> None:
    assert np.count_nonzero(found(1, n_kept=1), axis=1).tolist() == [1, 1, 1]
    assert found(1, n_kept=1)[0, 1] > 0
