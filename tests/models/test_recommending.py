from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

from slatewright.core.arrays import Index, Scores
from slatewright.core.errors import BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import recommending
from slatewright.models.recommending import best_items, check_k, histories_of


@dataclass
class Ladder:
    """Scores item i with i, for everybody."""

    n_items: int

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        row = np.arange(self.n_items, dtype=np.float32)
        return np.tile(row if items is None else row[items], (len(histories), 1))


def test_seen_excluded_and_foreign_items_are_never_listed() -> None:
    histories = Histories.of([[9, 8], []])
    lists = best_items(
        Ladder(10), histories, 3, n_items=10, candidates=np.array([9, 7, 2, 2, 5]), exclude=np.array([7, 0])
    )
    assert [row[:count].tolist() for row, count in zip(lists.items, lists.counts, strict=True)] == [[5, 2], [9, 5, 2]]


def test_blocks_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    histories = Histories.of([[u % 10] for u in range(25)])
    whole = best_items(Ladder(10), histories, 4, n_items=10)
    monkeypatch.setattr(recommending, "BLOCK_SCORES", 30)
    parts = best_items(Ladder(10), histories, 4, n_items=10)
    np.testing.assert_array_equal(parts.items, whole.items)
    np.testing.assert_array_equal(parts.counts, whole.counts)


def test_no_users_give_no_lists() -> None:
    lists = best_items(Ladder(10), Histories.of([]), 4, n_items=10)
    assert lists.items.shape == (0, 4)


@pytest.mark.parametrize("k", [0, -1, 2.5, True, "5"])
def test_k_must_be_a_whole_number_from_one(k: int) -> None:
    with pytest.raises(BadKnob, match="k must be a whole number >= 1, got"):
        check_k(k)


def test_unknown_users_have_empty_histories_between_the_known() -> None:
    events = pl.DataFrame({"user_id": ["a", "b", "b"], "item_id": ["x", "x", "y"]})
    dataset = dataset_of(events)
    found = histories_of(["?", "b", "!", "a", "b"], dataset.users, dataset.histories())
    assert [found.items_of(user).tolist() for user in range(5)] == [[], [0, 1], [], [0], [0, 1]]
