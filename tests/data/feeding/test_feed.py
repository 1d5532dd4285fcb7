"""Batches hold the columns of the data set, in an order that a seed repeats."""

import numpy as np
import pytest

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.feeding import Feed
from slatewright.testing.worlds import two_tastes

TOWN = dataset_of(two_tastes())


def _rows(feed: Feed, dataset: Dataset = TOWN, epoch: int = 0) -> dict[str, list[object]]:
    batches = list(feed.numpy(dataset, epoch))
    return {name: np.concatenate([batch[name] for batch in batches]).tolist() for name in batches[0]}


def test_in_the_order_of_the_columns_batches_are_their_parts() -> None:
    found, table = _rows(Feed(batch_size=7, shuffle=False)), TOWN.interactions
    assert list(found) == ["user", "item", "weight", "value", "time"]
    for name, column in found.items():
        assert column == getattr(table, name).tolist()


def test_a_pass_has_every_event_once_and_the_next_one_another_order() -> None:
    feed, table = Feed(batch_size=100, rng=3), TOWN.interactions
    passes = [list(zip(*_rows(feed, epoch=epoch).values(), strict=True)) for epoch in (0, 1)]
    events = list(
        zip(*(getattr(table, name).tolist() for name in ("user", "item", "weight", "value", "time")), strict=True)
    )
    assert passes[0] != passes[1] != events
    assert sorted(passes[0]) == sorted(passes[1]) == sorted(events)
    assert passes[0] == list(zip(*_rows(Feed(batch_size=31, rng=3)).values(), strict=True)), "whatever the batches"
    assert passes[0] != list(zip(*_rows(Feed(batch_size=31, rng=4)).values(), strict=True))


def test_batches_are_full_but_the_last() -> None:
    sizes = [len(batch["user"]) for batch in Feed(batch_size=100).numpy(TOWN)]
    assert set(sizes[:-1]) == {100}
    assert sum(sizes) == len(TOWN.interactions)


def test_negatives_are_none_that_the_user_has() -> None:
    taken = TOWN.matrix().toarray() > 0
    for batch in Feed(batch_size=64, n_negatives=4).numpy(TOWN):
        assert batch["negatives"].shape == (len(batch["user"]), 4)
        assert not taken[batch["user"][:, None], batch["negatives"]].any()


def test_the_history_is_what_the_user_did_before() -> None:
    histories, nothing = TOWN.histories(), TOWN.n_items
    rows = iter(zip(*_rows(Feed(batch_size=50, window=3, shuffle=False)).values(), strict=True))
    for user in range(TOWN.n_users):
        items = histories.items_of(user).tolist()
        for at, item in enumerate(items):
            *_, history = found = next(rows)
            assert found[:2] == (user, item)
            assert history == ([nothing] * 3 + items[:at])[-3:]


def test_no_event_is_no_batch() -> None:
    empty = dataset_of(two_tastes().clear())
    assert list(Feed(n_negatives=2, window=5).numpy(empty)) == []


def test_a_batch_of_nothing_is_refused() -> None:
    with pytest.raises(BadKnob, match=r"Feed.batch_size must be >= 1, got 0"):
        Feed(batch_size=0)
