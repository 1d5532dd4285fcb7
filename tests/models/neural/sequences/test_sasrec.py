"""SASRec: the kit, an order that only a model of order knows, windows, empty histories, and the three precisions."""

from functools import cache

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.models import SASRec
from slatewright.models.costs import FLOPS, Size
from slatewright.models.shapes.encoded_histories import EncodedHistories
from slatewright.testing.estimators import EstimatorKit

RING = 12  # items


class TestSASRec(EstimatorKit):
    estimator = SASRec(embedding_dim=8, n_blocks=1, longest_history=8, batch_size=4, epochs=2, n_negatives=2)


@cache
def ring(n_users: int = 80, length: int = 9) -> Dataset:
    """Everybody walks around: item i is followed by item i + 1; a fourth start at item 0, the others anywhere."""
    starts = np.where(np.arange(n_users) % 4, np.random.default_rng(0).integers(RING, size=n_users), 0)
    rows = [(f"u{u}", f"i{(s + t) % RING:02d}", t) for u, s in enumerate(starts) for t in range(length)]
    events = pl.DataFrame(rows, schema={"user_id": pl.String, "item_id": pl.String, "time": pl.Int64}, orient="row")
    return dataset_of(events)


@cache
def walked(loss: str = "softmax", precision: str = "float32", validation_share: float = 0.0) -> EncodedHistories:
    knobs = SASRec(
        embedding_dim=16, n_blocks=1, n_heads=2, longest_history=6, batch_size=16, epochs=30, n_negatives=6,
        learning_rate=0.02, dropout=0, loss=loss, precision=precision, validation_share=validation_share,
    )  # fmt: skip
    return knobs.fit(ring())


@pytest.mark.parametrize("loss", ["softmax", "gbce"])
def test_the_order_of_events_is_learned(loss: str) -> None:
    histories = Histories.of([[1, 2, 3], [8, 9, 10], [0], [5, 6, 7, 8, 9, 10, 11]])
    assert walked(loss).score(histories).argmax(axis=1).tolist() == [4, 11, 1, 0]


def test_half_the_precision_learns_as_much() -> None:
    assert walked(precision="bfloat16").score(Histories.of([[1, 2, 3]])).argmax() == 4


def test_the_learning_curve_has_epoch_loss_and_validation() -> None:
    curve = walked(validation_share=0.2).learning_curve
    assert curve[:, 0].tolist() == list(range(1, 31))
    assert curve[-1, 1] < 0.7 * curve[0, 1]
    assert curve[:, 2].max() > 0.95 > 0.8 > curve[0, 2]


def test_of_a_history_longer_than_the_window_the_latest_part_is_read() -> None:
    long, short = Histories.of([[7, 7, 7, 0, 1, 2, 3, 4, 5]]), Histories.of([[0, 1, 2, 3, 4, 5]])
    np.testing.assert_allclose(walked().score(long), walked().score(short), rtol=1e-5)
    assert walked().reasons(long, 6)[:3].tolist() == [0, 0, 0]


def test_an_empty_history_gets_what_most_begin_with() -> None:
    dataset = ring()
    begun = dataset.histories().items[dataset.histories().offsets[:-1]]
    assert walked().score(Histories.of([[]])).argmax() == np.bincount(begun).argmax()


def test_the_event_that_says_what_comes_next_is_the_reason() -> None:
    assert walked().reasons(Histories.of([[9, 3, 5]]), 6).argmax() == 2


@pytest.mark.parametrize(("loss", "same"), [("softmax", True), ("gbce", False)])
def test_what_is_compiled_serves_catalogues_of_all_sizes(loss: str, same: bool) -> None:
    histories, knobs = ring().histories(), SASRec(loss=loss, n_negatives=3)
    first, second = (knobs.task(histories, n, np.random.default_rng(0)).objective for n in (RING, 2 * RING))
    assert (first == second) is same


def test_heads_must_divide_the_numbers() -> None:
    with pytest.raises(BadKnob, match="n_heads must divide embedding_dim 8, got 3"):
        SASRec(embedding_dim=8, n_heads=3)


def test_more_negatives_and_longer_windows_cost_more() -> None:
    size = Size.guess(n_users=1000, n_items=500, n_events=50_000)
    few, many = (SASRec(n_negatives=n).cost(size) for n in (100, 400))
    short, long = (SASRec(longest_history=n).cost(size) for n in (50, 200))
    assert many.memory > few.memory
    assert many.work[FLOPS] > few.work[FLOPS]
    assert long.memory > short.memory
    assert long.work[FLOPS] > short.work[FLOPS]
