"""Events held out: the latest of some users, gone from what is learned; their NDCG by hand."""

import numpy as np
import pytest

from slatewright.data.histories import Histories
from slatewright.models.neural.sequences.held_out import HeldOut


def test_the_latest_event_of_a_share_of_those_with_two_is_held_out() -> None:
    histories = Histories.of([[1, 2], [3], [], [4, 5, 6], [7, 8]])
    held_out, left = HeldOut.of(histories, 0.7, np.random.default_rng(0))
    assert len(held_out.items) == 2
    lost = np.flatnonzero(left.lengths() < histories.lengths())
    assert set(lost.tolist()) <= {0, 3, 4}
    assert held_out.items.tolist() == [histories.items_of(user)[-1] for user in lost.tolist()]
    for at, user in enumerate(lost.tolist()):
        assert held_out.histories.items_of(at).tolist() == histories.items_of(user)[:-1].tolist()
        assert left.items_of(user).tolist() == histories.items_of(user)[:-1].tolist()


def test_nothing_held_out_is_judged_by_nothing() -> None:
    histories = Histories.of([[1, 2], [3]])
    held_out, left = HeldOut.of(histories, 0.0, np.random.default_rng(0))
    assert left.items.tolist() == histories.items.tolist()
    assert held_out.judged(lambda some: np.ones((len(some), 4), np.float32)) is None


def test_the_judgement_is_ndcg_among_what_was_not_taken() -> None:
    held_out = HeldOut(Histories.of([[0, 1], [4]]), np.array([3, 0], dtype=np.int32))
    scores = np.array([5, 4, 3, 2, 1], dtype=np.float32)  # everybody's order: 0, 1, 2, 3, 4
    found = held_out.judged(lambda some: np.tile(scores, (len(some), 1)))
    assert found == pytest.approx((1 / np.log2(3) + 1) / 2)  # 3 comes after 2 (0 and 1 were taken), 0 comes first


def test_a_tie_counts_against_what_is_sought() -> None:
    held_out = HeldOut(Histories.of([[]]), np.array([0], dtype=np.int32))
    found = held_out.judged(lambda some: np.ones((1, 20), np.float32))
    assert found == 0


def test_scores_that_are_no_numbers_find_nothing() -> None:
    held_out = HeldOut(Histories.of([[1], []]), np.array([0, 3], dtype=np.int32))
    assert held_out.judged(lambda some: np.full((len(some), 20), np.nan, np.float32)) == 0
