"""Counts by hand."""

import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import sizing
from slatewright.models.sizing import items_by_events, pairs_in_blocks, purchases, visits, words

MINUTE = 60_000_000


def test_a_pause_of_more_than_half_an_hour_ends_a_visit() -> None:
    times = [[0, 30 * MINUTE, 61 * MINUTE], [], [61 * MINUTE]]
    assert visits(Histories.of([[0, 1, 2], [], [0]], times=times)) == (3, 2**2 + 1 + 1)


def test_nobody_visits_an_empty_shop() -> None:
    assert visits(Histories.of([])) == (0, 0.0)


@pytest.mark.parametrize("most", [1, 3, 100])
def test_pairs_are_the_same_in_blocks_of_any_length(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizing, "BLOCK_EVENTS", most)
    counts, items = zip(*pairs_in_blocks(Histories.of([[2, 2, 1], [], [0], [1, 0, 1]]), 3), strict=True)
    assert np.concatenate(counts).tolist() == [2, 0, 1, 2]
    assert np.concatenate(items).tolist() == [1, 2, 0, 0, 1]


def test_purchases_are_told_from_views() -> None:
    rows = [("u", "a", "view"), ("u", "b", "purchase"), ("v", "a", "view")]
    events = pl.DataFrame(rows, schema=["user_id", "item_id", "kind"], orient="row")
    assert purchases(dataset_of(events).histories()) == 1
    assert purchases(dataset_of(events.drop("kind")).histories()) == 3


def test_words_of_titles_count_and_categories_do_not() -> None:
    facts = pl.DataFrame(
        {
            "title": ["A red mug of tin", None, "a blue one, of wood"],
            "category": ["mugs", "mugs", None],
            "price": [1.0, 2.0, 3.0],
        }
    )
    pieces = 1 + 3 + 4 * 6 + 2 * 9  # a; of; red, mug, tin, one; blue, wood: 3 to 5 letters, a blank at both ends
    assert words(facts) == (10, 12 + 14, 8 + pieces)
    assert words(pl.DataFrame()) == (0, 0, 0)


def test_items_are_counted_by_how_many_events_they_have() -> None:
    items = np.repeat(np.arange(5, dtype=np.int32), [1, 2, 3, 4, 0])
    assert items_by_events(items, 5) == (1, 2, 1)
    assert items_by_events(items[:0], 5) == ()
