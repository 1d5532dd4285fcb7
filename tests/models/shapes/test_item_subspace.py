"""A history is projected and read again."""

import numpy as np

from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.model import Known
from slatewright.models.shapes.item_subspace import ItemSubspace


def test_by_hand() -> None:
    known = Known(IdMap.of([]), IdMap.of(["a", "b", "c"]), Histories.of([]))
    half = np.float32(0.5**0.5)
    model = ItemSubspace(known, np.array([[half], [half], [0]], np.float32), np.array([2], np.float32))
    scores = model.score(Histories.of([[0], [2], [0, 0]]))
    expected = np.array([[0.5, 0.5, 0], [0, 0, 0], [1, 1, 0]])
    np.testing.assert_allclose(scores, expected, atol=1e-6)
    others, _ = model.similar(np.array([0], np.int32), 2)
    assert others[0].tolist() == [1, 2]
