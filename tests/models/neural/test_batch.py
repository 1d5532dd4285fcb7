from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.models.neural.batch import Batch, ahead, dealt, n_batches


@given(n=st.integers(0, 50), size=st.integers(1, 60))
def test_every_position_is_dealt_once_in_batches_of_one_size(n: int, size: int) -> None:
    parts = list(dealt(n, size, np.random.default_rng(0)))
    assert len(parts) == n_batches(n, size)
    assert {len(part) for part, _ in parts} <= {min(n, size)}
    assert sorted(int(one) for part, weights in parts for one in part[weights > 0]) == list(range(n))
    assert sum(int(weights.sum()) for _, weights in parts) == n


def _batches(n: int) -> Iterator[Batch]:
    for at in range(n):
        yield Batch({}, np.full(1, at, dtype=np.float32))


def test_batches_drawn_ahead_come_in_their_order() -> None:
    assert [float(one.weights[0]) for one in ahead(_batches(5))] == [0, 1, 2, 3, 4]
    assert list(ahead(_batches(0))) == []


def test_an_error_in_a_draw_is_that_of_the_training() -> None:
    def broken() -> Iterator[Batch]:
        yield from _batches(1)
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        list(ahead(broken()))


def test_parts_of_a_batch_are_its_samples_in_their_order() -> None:
    ids, weights = np.arange(12, dtype=np.int32).reshape(6, 2), np.arange(6, dtype=np.float32)
    first, second = Batch({"item": ids}, weights, {"each": weights}).parts(2)
    assert [one.ids["item"].tolist() for one in (first, second)] == [ids[:3].tolist(), ids[3:].tolist()]
    assert second.weights.tolist() == second.inputs["each"].tolist() == [3, 4, 5]
