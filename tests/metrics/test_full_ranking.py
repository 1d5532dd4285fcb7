"""AUC over the whole catalogue, against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from slatewright.core.errors import BadInput
from slatewright.metrics.full_ranking import auc, wins


def ends(parts: list[list[int]]) -> np.ndarray:
    return np.cumsum([0] + [len(part) for part in parts])


def flat(parts: list[list[int]]) -> np.ndarray:
    return np.array([item for part in parts for item in part], dtype=np.int32)


def areas(scores: np.ndarray, right: list[list[int]], hidden: list[list[int]]) -> np.ndarray:
    won = wins(scores, ends(right), flat(right), ends(hidden), flat(hidden))
    ranked = scores.shape[1] - np.array([len(set(one)) for one in hidden])
    return auc(won, ends(right), ranked)


def of(scores: list[float], right: list[int], hidden: list[int] | None = None) -> float:
    return float(areas(np.array([scores], dtype=np.float32), [right], [hidden or []])[0])


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1))
def test_scikit_learn_agrees_ties_included(items: list[tuple[int, bool]]) -> None:
    scores, right = [float(score) for score, _ in items], [at for at, (_, taken) in enumerate(items) if taken]
    truth = [taken for _, taken in items]
    expected = roc_auc_score(truth, scores) if len(set(truth)) == 2 else np.nan
    assert of(scores, right) == pytest.approx(expected, nan_ok=True)


def test_ties_everywhere_are_a_coin() -> None:
    assert of([1.0] * 9, [4, 5]) == 0.5


def test_a_right_item_higher_up_is_worth_more() -> None:
    assert of([3, 2, 1, 0], [0]) == 1
    assert of([3, 2, 1, 0], [2]) == pytest.approx(1 / 3)


def test_hidden_items_are_not_ranked_and_a_right_one_among_them_loses() -> None:
    assert of([3, 2, 1, 0], [2], hidden=[0, 1]) == 1
    assert of([3, 2, 1, 0], [0, 1], hidden=[0]) == pytest.approx((0 + 1) / 2)
    assert np.isnan(of([3, 2], [0, 1]))


def test_a_wins_is_how_many_others_an_item_is_above() -> None:
    scores = np.array([[5, 3, 3, 1]], dtype=np.float32)
    found = wins(scores, np.array([0, 3]), np.array([0, 1, 3], np.int32), np.array([0, 2]), np.array([3, 3], np.int32))
    assert found == pytest.approx([2, 0.5, np.nan], nan_ok=True)


def test_right_items_that_nobody_knows_lose() -> None:
    assert auc(np.array([3.0]), np.array([0, 1]), np.array([4]), np.array([2])).tolist() == [1 / 3]


def test_many_users_at_once_are_the_same_as_one_by_one() -> None:
    rng = np.random.default_rng(8)
    scores = rng.integers(0, 30, size=(300, 200)).astype(np.float32)
    right = [rng.choice(200, rng.integers(0, 6), replace=False).tolist() for _ in range(300)]
    seen = [rng.choice(200, rng.integers(0, 9)).tolist() for _ in range(300)]
    one_by_one = [of(s.tolist(), r, h) for s, r, h in zip(scores, right, seen, strict=True)]
    assert areas(scores, right, seen) == pytest.approx(one_by_one, nan_ok=True)


def test_what_cannot_be_ranked_is_refused() -> None:
    with pytest.raises(BadInput, match="got 1 of 2 that are not"):
        of([1.0, np.nan], [0])
    with pytest.raises(BadInput, match="relevant items must be among the 2"):
        of([1.0, 2.0], [2])
    with pytest.raises(BadInput, match="2 offsets of hidden items, got 1"):
        wins(np.ones((1, 2), np.float32), np.array([0, 0]), flat([]), np.array([0]), flat([]))
