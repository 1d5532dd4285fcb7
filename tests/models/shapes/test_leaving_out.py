import numpy as np
import polars as pl

from slatewright.data.histories import Histories
from slatewright.models.shapes.leaving_out import without_each


def test_each_event_is_left_out_once_and_the_owner_stays() -> None:
    history = Histories.of([[4, 2, 4]], [[1, 2, 3]], facts=pl.DataFrame({"age": [30]}))
    found = without_each(history)
    assert [found.items_of(at).tolist() for at in range(3)] == [[2, 4], [4, 4], [4, 2]]
    assert found.weights.tolist() == [2, 3, 1, 3, 1, 2]
    assert found.facts is not None
    assert found.facts["age"].to_list() == [30, 30, 30]
    assert len(without_each(Histories.of([[]]))) == 0
    np.testing.assert_array_equal(found.lengths(), [2, 2, 2])
