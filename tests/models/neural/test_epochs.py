from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.arrays import Scores
from slatewright.data.dataset import dataset_of
from slatewright.models import Popularity
from slatewright.models.model import Model
from slatewright.models.neural.epochs import BARS, MOST_BARS, EpochCurve, epoch_curves
from slatewright.models.shapes.blend import Blend
from slatewright.models.shapes.item_scores import ItemScores
from slatewright.testing.worlds import two_tastes

CURVE = np.array([[1, 0.7, 0.1], [2, 0.5, 0.3], [3, 0.4, 0.2]], dtype=np.float32)


@dataclass(frozen=True)
class Learned(ItemScores):
    """A model that was trained in epochs, as far as anybody can see."""

    learning_curve: Scores


def learned(curve: Scores) -> Learned:
    plain = Popularity().fit(dataset_of(two_tastes()))
    assert isinstance(plain, ItemScores)
    return Learned(plain.known, plain.item_scores, learning_curve=curve)


def test_the_best_epoch_is_that_of_the_highest_validation() -> None:
    curve = EpochCurve.of(CURVE)
    assert curve.best == 2
    assert curve.summary == "3 epochs, loss 0.7 to 0.4, best validation 0.3 in epoch 2"
    assert curve.advice == "Later epochs were worse; the model has the weights of epoch 2."
    assert curve.numbers == {"epochs": 3, "loss": 0.4, "best_epoch": 2, "validation": 0.3}
    assert EpochCurve.from_card(curve.on_card) == curve
    assert not curve.unfinished


@pytest.mark.parametrize(
    ("curve", "summary", "advice"),
    [
        (EpochCurve((0.5,)), "1 epoch, loss 0.5", "validation_share"),
        (EpochCurve((0.7, 0.5)), "2 epochs, loss 0.7 to 0.5", "validation_share"),
        (EpochCurve((0.7, 0.5), (0.1, 0.2)), "in epoch 2", "more epochs may help"),
        (EpochCurve((0.7, 0.9), (0.1, 0.2)), "loss 0.7 to 0.9", "turn learning_rate down"),
        (EpochCurve((0.7, 0.5), (-2.0, -3.0)), "best validation -2 in epoch 1", "epoch 1"),
    ],
)
def test_each_training_has_its_sentence(curve: EpochCurve, summary: str, advice: str) -> None:
    assert summary in curve.summary
    assert advice in curve.advice
    assert EpochCurve.from_card(curve.on_card) == curve


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=300))
def test_a_sparkline_is_short_ends_with_the_last_and_reaches_from_end_to_end(values: list[float]) -> None:
    line = EpochCurve(tuple(values)).sparkline
    assert 0 < len(line) <= MOST_BARS
    assert set(line) <= set(BARS)
    if 1 < len(values) <= MOST_BARS and max(values) - min(values) > 1e-6:
        assert line[values.index(max(values))] == BARS[-1]
        assert line[values.index(min(values))] == BARS[0]
    assert EpochCurve((0.0,) * 99 + (1.0,)).sparkline[-1] == BARS[-1]


def test_only_what_was_trained_in_epochs_has_a_curve_and_a_blend_those_of_its_parts() -> None:
    nothing = np.zeros((0, 2), dtype=np.float32)
    plain = Popularity().fit(dataset_of(two_tastes()))
    mixed = Blend(plain.known, (plain, learned(CURVE)), np.ones((1, 2)), np.zeros(0, dtype=np.int64), "none")
    models: dict[str, Model] = {"net": learned(CURVE), "empty": learned(nothing), "plain": plain, "mix": mixed}
    assert list(epoch_curves(models)) == ["net", "mix, part 2"]
