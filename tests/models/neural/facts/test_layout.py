import numpy as np

from slatewright.models.neural.facts.crossing import crossed
from slatewright.models.neural.facts.layout import Layout, Rows

ROWS = Rows(
    np.array([[1, 2], [0, 1]], np.int32),
    np.array([[0.5], [1.5]], np.float32),
    np.array([[3, 0], [1, 2]], np.int32),
    np.array([[1, 0], [0.5, 0.5]], np.float32),
)


def test_places_become_rows_of_one_table_and_crosses_follow_them() -> None:
    layout = Layout((2, 4), 1, ((0, 1),), n_crosses=50, history=2, item=1)
    ids = layout.ids(ROWS)
    assert ids["fields"].tolist() == [[1, 4], [0, 3]]
    assert ids["history"].tolist() == [[5, 2], [3, 4]]
    pair = crossed(np.array([[1]], np.int32), np.array([[2]], np.int32), np.array([0]), 50)[0, 0]
    items = crossed(np.array([[3]], np.int32), np.array([[2]], np.int32), np.array([1]), 50)[0, 0]
    assert ids["wide"][0].tolist() == [1, 4, 6 + pair, 6 + items, 6]
    assert layout.width == 5
    assert layout.n_wide == 56
    assert layout.inputs(ROWS)["wide_shares"][0].tolist() == [1, 1, 1, 1, 0]


def test_without_a_wide_side_nothing_is_crossed() -> None:
    layout = Layout((2, 4), 0, wide=False)
    plain = Rows.plain(ROWS.places, ROWS.numbers)
    assert set(layout.ids(plain)) == {"fields"} == set(layout.roles)
    assert layout.inputs(plain) == {}
    assert layout.n_wide == layout.width == 0


def test_the_array_brings_it_back() -> None:
    layout = Layout((2, 4), 1, ((0, 1),), history=2, item=1)
    assert Layout.from_array(layout.array()) == layout
