import numpy as np
from scipy import sparse

from slatewright.models.neural.facts.tower_task import hits_of


def test_hits_are_the_items_that_a_user_took() -> None:
    taken = sparse.csr_matrix(np.array([[1, 0, 1], [0, 1, 0]]))
    items = np.array([2, 0, 2, 1], np.int32)
    found = hits_of(taken, np.array([1, 0, 0], np.int32), items)
    np.testing.assert_array_equal(found, taken.toarray()[[1, 0, 0]][:, items])
