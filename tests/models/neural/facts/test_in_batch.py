import numpy as np
import pytest

from slatewright.models.neural.engine import keras_engine
from slatewright.models.neural.facts.in_batch import in_batch_softmax

SCORES = np.array([[1.0, 0.5, -1.0], [0.2, 2.0, 0.3]], np.float32)
LOGS = np.log(np.array([0.5, 0.1, 0.2], np.float32))
HITS = np.array([[1, 0, 0], [1, 1, 0]], np.float32)  # the first item is one that the second user took as well


def loss(hardness: float) -> np.ndarray:
    return np.asarray(keras_engine().ops.convert_to_numpy(in_batch_softmax(SCORES, LOGS, HITS, hardness)))


def test_the_softmax_is_corrected_and_accidental_hits_are_no_negatives() -> None:
    first, second = (SCORES - LOGS).astype(np.float64)
    by_hand = [-first[0] + np.log(np.exp(first).sum()), -second[1] + np.log(np.exp(second[1:]).sum())]
    np.testing.assert_allclose(loss(0.0), by_hand, rtol=1e-5)


def test_hard_negatives_count_by_their_scores_with_a_mean_of_one() -> None:
    first = (SCORES - LOGS)[0].astype(np.float64)
    counts = np.exp(0.5 * SCORES[0, 1:].astype(np.float64))
    counts /= counts.mean()
    by_hand = -first[0] + np.log(np.exp(first[0]) + (counts * np.exp(first[1:])).sum())
    assert loss(0.5)[0] == pytest.approx(by_hand, rel=1e-5)
    assert loss(0.5)[1] == pytest.approx(loss(0.0)[1], rel=1e-5)  # of one negative alone
