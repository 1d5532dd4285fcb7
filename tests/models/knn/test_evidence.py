import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models.knn.evidence import latest, taken, vectors_of

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
