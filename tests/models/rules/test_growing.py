import numpy as np

from slatewright.models.rules.growing import grow
from slatewright.models.rules.projecting import project

from .test_mining import made


def test_where_room_runs_out_the_state_is_that_before() -> None:
    table = project(made([{0, 1}, {0, 1}, {1}]), least=1)
    lengths, items, counts = np.zeros(2, np.int32), np.zeros(9, np.int32), np.zeros(2, np.int64)
    state = np.zeros(3, np.int64)
    grow(2, *table, 1, lengths, items, counts, state, 9)  # {0}, {0, 1}; no room for {1}
    assert state.tolist() == [1, 2, 3]
    assert items[:3].tolist() == [0, 0, 1]
    assert (lengths.tolist(), counts.tolist()) == ([1, 2], [2, 2])
