import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models.knn.evidence import latest, latest_audiences, taken, vectors_of

EVENTS = pl.DataFrame(
    {"user_id": ["a", "a", "a", "b", "b"], "item_id": ["x", "y", "z", "x", "x"], "time": [1, 2, 3, 4, 5]}
)


def test_the_latest_events_of_each_history_are_kept() -> None:
    assert latest(Histories.of([[0, 1, 2], [], [3]]), 2).tolist() == [False, True, True, True]


def test_a_long_history_teaches_by_its_latest_events_only() -> None:
    assert taken(dataset_of(EVENTS), None, None).toarray().tolist() == [[1, 1, 1], [2, 0, 0]]
    assert taken(dataset_of(EVENTS), None, 2).toarray().tolist() == [[0, 1, 1], [2, 0, 0]]


def test_an_event_of_a_long_history_weighs_less() -> None:
    vectors = vectors_of(taken(dataset_of(EVENTS), None, None), "none", 0.5).toarray()
    assert vectors[0, 1] / vectors[0, 0] == pytest.approx(2 * np.sqrt(3))
    assert np.square(vectors[vectors > 0]).mean() == pytest.approx(1)


def test_the_unit_of_the_weights_does_not_matter() -> None:
    by_user = taken(dataset_of(EVENTS), None, None)
    small = vectors_of(by_user, "bm25", 0.3).toarray()
    by_user.data *= np.float32(1e12)
    np.testing.assert_allclose(vectors_of(by_user, "bm25", 0.3).toarray(), small, rtol=1e-5)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 9)), min_size=1, max_size=40),
    st.integers(1, 5),
)
def test_an_audience_is_the_users_who_had_the_item_last(events: list[tuple[int, int, int]], most: int) -> None:
    pairs = [sorted((time, item) for who, item, time in events if who == user) for user in range(5)]
    histories = Histories.of(
        [[item for _, item in one] for one in pairs], times=[[at for at, _ in one] for one in pairs]
    )
    by_item = histories.matrix(4).T.tocsr()
    wanted = by_item.toarray()
    for item in range(4):
        last = {who: max(at for u, i, at in events if (u, i) == (who, item)) for who, i, _ in events if i == item}
        for who in sorted(last, key=lambda who: (-last[who], who))[most:]:
            wanted[item, who] = 0
    found = latest_audiences(by_item, histories, most)
    np.testing.assert_array_equal(found.toarray(), wanted)
    assert np.diff(found.indptr).max() <= most
    assert latest_audiences(by_item, histories, None) is by_item


def test_an_item_that_lost_events_to_a_bound_on_histories_is_cut_like_others() -> None:
    histories = Histories.of([[0, 1], [0], [0]], times=[[1, 2], [3], [4]])
    rows = sparse.csr_matrix(np.array([[0, 1, 1], [1, 0, 0]], dtype=np.float32))  # the first user's 0 does not teach
    assert latest_audiences(rows, histories, 1).toarray().tolist() == [[0, 0, 1], [1, 0, 0]]
