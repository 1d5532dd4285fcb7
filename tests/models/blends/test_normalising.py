import numpy as np
import pytest

from slatewright.core.arrays import Scores
from slatewright.data.histories import Histories
from slatewright.models.blends.normalising import add_normalised, widths

SCORES = np.array([[9.0, 1.0, 3.0, 3.0, 5.0]], dtype=np.float32)
HISTORY = Histories.of([[0, 0]])  # its own item does not set the scale


def normalised(kind: str, scores: Scores = SCORES, history: Histories = HISTORY) -> list[float]:
    out = np.zeros((2, scores.shape[1]), dtype=np.float32)
    add_normalised(scores, history, kind, np.array([2.0]), out, np.array([1]))
    assert not out[0].any()
    return [float(one) for one in out[1] / 2]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("deviation", [6 / 2**0.5, -2 / 2**0.5, 0, 0, 2 / 2**0.5]),
        ("range", [2, 0, 0.5, 0.5, 1]),
        ("rank", [1, 0.125, 0.5, 0.5, 0.875]),
        ("reciprocal_rank", [61 / 60.5, 61 / 64, 61 / 62.5, 61 / 62.5, 61 / 61]),
        ("none", [9, 1, 3, 3, 5]),
    ],
)
def test_by_hand(kind: str, expected: list[float]) -> None:
    np.testing.assert_allclose(normalised(kind), expected, rtol=1e-6)


@pytest.mark.parametrize("kind", ["deviation", "range"])
def test_a_model_that_says_the_same_of_all_adds_nothing(kind: str) -> None:
    assert normalised(kind, np.full((1, 5), 1e12, np.float32)) == [0.0] * 5
    assert widths(np.full((1, 5), 1e12, np.float32), HISTORY, kind)[0] > 1e200


def test_a_history_that_has_everything_is_looked_at_as_a_whole() -> None:
    found = normalised("range", history=Histories.of([[0, 1, 2, 3, 4]]))
    np.testing.assert_allclose(found, [1, 0, 0.25, 0.25, 0.5])


def test_widths_are_what_a_point_is_divided_by() -> None:
    assert widths(SCORES, HISTORY, "deviation")[0] == pytest.approx(2**0.5)
    assert widths(SCORES, HISTORY, "range")[0] == 4
    assert widths(SCORES, HISTORY, "none")[0] == 1
