import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.arrays import Array
from slatewright.data.netting import remaining_shares

Row = tuple[int, int, int, bool, float]  # user, item, time, returned, amount
ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 6), st.booleans(), st.integers(1, 5).map(float)),
    max_size=40,
)


def shares(rows: list[Row]) -> list[float]:
    user, item, time, returned, amount = ([row[at] for row in rows] for at in range(5))
    found: Array = remaining_shares(
        np.array(user, dtype=np.int32),
        np.array(item, dtype=np.int32),
        np.array(time, dtype=np.int64),
        np.array(returned, dtype=np.bool_),
        np.array(amount, dtype=np.float64),
    )
    return [float(share) for share in found]


def by_hand(rows: list[Row]) -> list[float]:
    """The rule as a loop: returns in order of time, each asks its purchases from the latest on."""
    left = {at: row[4] for at, row in enumerate(rows) if not row[3]}
    returns = sorted((row[2], row[4], at) for at, row in enumerate(rows) if row[3])
    for time, wanted, at in returns:
        same = [p for p in left if rows[p][:2] == rows[at][:2] and rows[p][2] <= time]
        for purchase in sorted(same, key=lambda p: (rows[p][2], rows[p][4], p), reverse=True):
            taken = min(wanted, left[purchase])
            left[purchase] -= taken
            wanted -= taken
    return [left[at] / row[4] if at in left else 0.0 for at, row in enumerate(rows)]


def test_a_return_takes_from_the_latest_earlier_purchase() -> None:
    rows: list[Row] = [(0, 0, 1, False, 4), (0, 0, 5, False, 2), (0, 0, 9, False, 1), (0, 0, 7, True, 3)]
    assert shares(rows) == [0.75, 0.0, 1.0, 0.0]


def test_other_users_and_items_keep_theirs() -> None:
    rows: list[Row] = [(0, 0, 1, False, 1), (1, 0, 1, False, 1), (0, 1, 1, False, 1), (0, 0, 2, True, 9)]
    assert shares(rows) == [0.0, 1.0, 1.0, 0.0]


def test_a_return_without_a_purchase_takes_nothing() -> None:
    assert shares([(0, 0, 3, True, 1), (0, 0, 4, False, 1)]) == [0.0, 1.0]


def test_a_return_of_the_same_instant_counts_as_later() -> None:
    assert shares([(0, 0, 3, True, 1), (0, 0, 3, False, 2)]) == [0.0, 0.5]


def test_a_purchase_of_amount_zero_is_left_alone() -> None:
    assert shares([(0, 0, 1, False, 0.0), (0, 0, 2, True, 1)]) == [1.0, 0.0]


@given(ROWS)
def test_it_follows_the_rule(rows: list[Row]) -> None:
    assert np.allclose(shares(rows), by_hand(rows))


@given(ROWS)
def test_what_is_taken_is_never_more_than_what_came_back(rows: list[Row]) -> None:
    taken = sum(row[4] * (1 - share) for row, share in zip(rows, shares(rows), strict=True) if not row[3])
    assert taken <= sum(row[4] for row in rows if row[3]) + 1e-9
