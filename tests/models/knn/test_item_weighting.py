import numpy as np
import pytest
from scipy import sparse

from slatewright.models.knn.item_weighting import K1, B, weighted

BY_ITEM = sparse.csr_matrix(np.array([[1, 4, 0], [0, 1, 0], [2, 0, 0]], dtype=np.float32))  # items x users


def test_none_leaves_the_weights_alone() -> None:
    assert weighted(BY_ITEM, "none") is BY_ITEM


def test_tfidf_by_hand() -> None:
    rarity = np.log(3 / (1 + np.array([2, 2, 0])))
    np.testing.assert_allclose(weighted(BY_ITEM, "tfidf").toarray(), np.sqrt(BY_ITEM.toarray()) * rarity, rtol=1e-6)


def test_bm25_by_hand() -> None:
    # item 1 has one event of weight 1 by a user with two items; items have a mean weight of 8 / 3
    norm = (1 - B) + B * 1 / (8 / 3)
    wanted = 1 * (K1 + 1) / (K1 * norm + 1) * np.log(3 / 3)
    assert weighted(BY_ITEM, "bm25")[1, 1] == pytest.approx(wanted, abs=1e-6)
    norm = (1 - B) + B * 5 / (8 / 3)
    wanted = 4 * (K1 + 1) / (K1 * norm + 4) * np.log(3 / 3)
    assert weighted(BY_ITEM, "bm25")[0, 1] == pytest.approx(wanted, abs=1e-6)


def test_an_empty_matrix_stays_empty() -> None:
    empty = sparse.csr_matrix((3, 2), dtype=np.float32)
    for weighting in ("none", "bm25", "tfidf"):
        assert weighted(empty, weighting).nnz == 0
