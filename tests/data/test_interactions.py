import numpy as np

from slatewright.data.interactions import Interactions


def test_its_length_is_the_number_of_events() -> None:
    index, ones = np.zeros(3, np.int32), np.ones(3, np.float32)
    table = Interactions(index, index, index.astype(np.int8), ones, ones, index.astype(np.int64))
    assert len(table) == 3
    assert table.kinds == ("interaction",)
