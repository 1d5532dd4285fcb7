from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

from slatewright.core.arrays import Index, Scores
from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models.recommending import Wanted, best_items, check_k, histories_of


@dataclass
class Ladder:
    """Scores item i with i, for everybody."""

    n_items: int

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        row = np.arange(self.n_items, dtype=np.float32)
        return np.tile(row if items is None else row[items], (len(histories), 1))


class Slope(Ladder):
    """The same as a product."""

    def factored(self, histories: Histories, items: Index | None = None) -> tuple[Scores, Scores]:
        column = np.arange(self.n_items, dtype=np.float32)[:, None]
        return np.ones((len(histories), 1), dtype=np.float32), column if items is None else column[items]


def test_seen_excluded_and_foreign_items_are_never_listed() -> None:
    histories = Histories.of([[9, 8], []])
    wanted = Wanted(candidates=np.array([9, 7, 2, 2, 5]), exclude=np.array([7, 0]))
    lists = best_items(Ladder(10), histories, 3, n_items=10, wanted=wanted)
    assert [row[:count].tolist() for row, count in zip(lists.items, lists.counts, strict=True)] == [[5, 2], [9, 5, 2]]


@pytest.mark.parametrize("kind", [Ladder, Slope])
def test_blocks_do_not_change_the_answer(kind: type[Ladder]) -> None:
    histories = Histories.of([[u % 10] for u in range(25)])
    whole = best_items(kind(10), histories, 4, n_items=10)
    parts = best_items(kind(10), histories, 4, n_items=10, block_bytes=120)
    np.testing.assert_array_equal(parts.items, whole.items)
    np.testing.assert_array_equal(parts.counts, whole.counts)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(filter_seen=False),
        Wanted(candidates=np.array([9, 7, 2, 2, 5])),
        Wanted(candidates=np.array([9, 7, 2, 2, 5]), exclude=np.array([7, 0])),
        Wanted(exclude=np.array([7, 0])),
        Wanted(candidates=np.array([], dtype=np.int32)),
    ],
)
def test_a_product_is_listed_as_its_scores_are(wanted: Wanted) -> None:
    histories = Histories.of([[u % 10, (u * 3) % 10] for u in range(9)])
    usual = best_items(Ladder(10), histories, 4, n_items=10, wanted=wanted)
    tiled = best_items(Slope(10), histories, 4, n_items=10, wanted=wanted)
    np.testing.assert_array_equal(tiled.counts, usual.counts)
    for row, count in enumerate(usual.counts):
        np.testing.assert_array_equal(tiled.items[row, :count], usual.items[row, :count])
        np.testing.assert_array_equal(tiled.scores[row, :count], usual.scores[row, :count])


def test_no_users_give_no_lists() -> None:
    lists = best_items(Ladder(10), Histories.of([]), 4, n_items=10)
    assert lists.items.shape == (0, 4)


@pytest.mark.parametrize("k", [0, -1, 2.5, True, "5"])
def test_k_must_be_a_whole_number_from_one(k: int) -> None:
    with pytest.raises(BadKnob, match="k must be a whole number >= 1, got"):
        check_k(k)


def test_one_user_id_is_no_list_of_them() -> None:
    dataset = dataset_of(pl.DataFrame({"user_id": ["ann"], "item_id": ["x"]}))
    with pytest.raises(BadInput, match=r"users must be a list of user ids, got 'ann'; for one user: \['ann'\]"):
        histories_of("ann", dataset.users, dataset.histories())


def test_unknown_users_have_empty_histories_between_the_known() -> None:
    events = pl.DataFrame({"user_id": ["a", "b", "b"], "item_id": ["x", "x", "y"]})
    dataset = dataset_of(events)
    found = histories_of(["?", "b", "!", "a", "b"], dataset.users, dataset.histories())
    assert [found.items_of(user).tolist() for user in range(5)] == [[], [0, 1], [], [0], [0, 1]]
