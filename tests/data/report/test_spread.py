import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.data.report.spread import Spread


def spread(*events: int) -> Spread:
    sizes, owners = np.unique(np.array(events, dtype=np.int64), return_counts=True)
    return Spread(sizes, owners.astype(np.int64))


def test_a_small_spread_by_hand() -> None:
    few = spread(1, 1, 1, 2, 5, 10)
    assert [few.quantile(share) for share in (0.0, 0.5, 0.6, 0.9, 1.0)] == [1, 1, 2, 10, 10]
    assert (few.mean(), few.up_to(2), few.up_to(0)) == (20 / 6, 4, 0)
    assert few.head_share(1 / 6) == pytest.approx(0.5)
    assert few.head_share(0.5) == pytest.approx(17 / 20)
    assert few.bins() == (["1", "2", "3-4", "5-8", "9-16"], [3, 1, 0, 1, 1])


def test_one_owner_is_a_spread() -> None:
    assert spread(1).bins() == (["1"], [1])
    assert (spread(7).quantile(0.5), spread(7).head_share(1.0)) == (7, 1.0)


@given(st.lists(st.integers(1, 3_000), min_size=1, max_size=50))
def test_bins_and_curve_account_for_everybody(events: list[int]) -> None:
    given_events = spread(*events)
    names, counts = given_events.bins()
    assert len(names) == len(counts)
    assert sum(counts) == len(events)
    x, y = given_events.head_curve()
    assert (x[0], y[0]) == (0.0, 0.0)
    assert x[-1] == pytest.approx(1.0)
    assert y[-1] == pytest.approx(1.0)
    assert (np.diff(y) >= 0).all()
    assert (y >= x - 1e-9).all()  # the busiest first: the curve is above the diagonal
