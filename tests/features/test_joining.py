"""The history of this moment equals what the trainer would read from the same events."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.data.showings import Showings
from slatewright.events.records import Interaction
from slatewright.features.joining import joined, joined_shown
from slatewright.features.live import LiveHistories, Sight

ITEMS = IdMap.of(["a", "b", "c"])
WEIGHTS = {"view": 1.0, "purchase": 5.0, "internal": 0.0}
Row = tuple[str, str, int, float]  # item, kind, time, quantity


def weight_of(kind: str, value: float) -> float | None:
    return WEIGHTS.get(kind, 1.0) or None


def events_of(rows: list[Row]) -> list[Interaction]:
    return [
        Interaction(f"e{at}", "u", item, kind, time, quantity, quantity=quantity)
        for at, (item, kind, time, quantity) in enumerate(rows)
    ]


def trained(events: list[Interaction], as_of: int) -> Dataset:
    """The data set of these events, over all of ITEMS."""
    frame = pl.DataFrame(
        {
            "user_id": pl.Series([one.user_id for one in events], dtype=pl.String),
            "item_id": pl.Series([one.item_id for one in events], dtype=pl.String),
            "kind": pl.Series([one.kind for one in events], dtype=pl.String),
            "value": pl.Series([one.value for one in events], dtype=pl.Float32),
            "quantity": pl.Series([one.quantity for one in events], dtype=pl.Float32),
            "time": pl.Series([one.time for one in events], dtype=pl.Int64),
        }
    )
    return dataset_of(frame, as_of=as_of, weights=WEIGHTS, item_facts=pl.DataFrame({"item_id": list(ITEMS)}))


def as_lists(history: Histories) -> list[tuple[int, float, int]]:
    rows = zip(history.times.tolist(), history.items.tolist(), history.weights.tolist(), strict=True)
    return sorted((item, weight, time) for time, item, weight in rows)


def now_of(past: Histories, fresh: list[Interaction], as_of: int = 10, now: int = 100) -> list[tuple[int, float, int]]:
    live = LiveHistories()
    live.apply(fresh)
    return as_lists(joined(past, live.read("u"), ITEMS, weight_of, as_of=as_of, now=now))


def test_fresh_events_follow_the_learned_ones() -> None:
    past = Histories.of([[0]], [[1.0]], [[5]])
    fresh = events_of([("b", "purchase", 12, 1.0), ("unheard of", "view", 13, 1.0), ("c", "internal", 14, 1.0)])
    whole = joined(past, fresh, ITEMS, weight_of, as_of=10, now=100)
    assert whole.items.tolist() == [0, 1]
    assert whole.weights.tolist() == [1.0, 5.0]
    assert whole.times.tolist() == [5, 12]
    assert whole.offsets.tolist() == [0, 2]
    assert [array.dtype.name for array in (whole.items, whole.weights, whole.times)] == ["int32", "float32", "int64"]


def test_nothing_at_or_after_now_is_seen() -> None:
    assert now_of(Histories.of([[]]), events_of([("a", "view", 20, 1.0), ("b", "view", 21, 1.0)]), now=21) == [
        (0, 1.0, 20)
    ]


def test_what_the_bundle_has_already_is_not_doubled() -> None:
    past = Histories.of([[0]], [[1.0]], [[9]])
    assert now_of(past, events_of([("a", "view", 9, 1.0), ("a", "view", 11, 1.0)])) == [(0, 1.0, 9), (0, 1.0, 11)]


def test_a_fresh_return_takes_back_a_learned_purchase() -> None:
    past = Histories.of([[0, 1, 0]], [[5.0, 5.0, 5.0]], [[1, 2, 3]])
    assert now_of(past, events_of([("a", "return", 20, 1.0)])) == [(0, 5.0, 1), (1, 5.0, 2)]


def test_a_return_that_the_bundle_has_counted_is_not_counted_again() -> None:
    past = Histories.of([[0]], [[5.0]], [[1]])
    assert now_of(past, events_of([("a", "return", 8, 1.0)])) == [(0, 5.0, 1)]


def test_a_return_of_something_unknown_changes_nothing() -> None:
    past = Histories.of([[0]], [[5.0]], [[1]])
    assert now_of(past, events_of([("unheard of", "return", 20, 1.0)])) == [(0, 5.0, 1)]


KINDS = ["view", "purchase", "purchase", "return", "internal"]


def arbitrary_histories(rng: np.random.Generator, users: int = 400) -> list[list[Row]]:
    """Few items, many returns. Of two events of one item and instant, one learned and one fresh, memory keeps one."""
    return [
        [
            (str(rng.choice(["a", "b", "c"])), str(rng.choice(KINDS)), int(time), 1.0)
            for time in rng.choice(np.arange(1, 60), size=rng.integers(0, 14), replace=False)
        ]
        for _ in range(users)
    ]


def learned_by_user(histories: list[list[Row]], as_of: int) -> list[Histories]:
    """What training at ``as_of`` knows of each user."""
    events = [replace(one, user_id=f"{at:03}") for at, rows in enumerate(histories) for one in events_of(rows)]
    data = trained([one for one in events if one.time < as_of], as_of)
    found = [data.users.find(f"{at:03}") for at in range(len(histories))]
    empty = Histories.of([[]])
    return [empty if user is None else data.histories().take(np.array([user], dtype=np.int32)) for user in found]


@pytest.mark.parametrize("as_of", [1, 20, 45, 60])
@pytest.mark.parametrize("reach", [0, 10, 100], ids="memory reaches {} back".format)
def test_live_equals_replay(as_of: int, reach: int) -> None:
    """Learned before ``as_of`` and joined with memory, against learned at the end.

    Memory that reaches back holds late events and events of the time of training, some of them learned already.
    """
    histories = arbitrary_histories(np.random.default_rng(as_of + reach))
    past, end = learned_by_user(histories, as_of), learned_by_user(histories, 100)
    for rows, learned, expected in zip(histories, past, end, strict=True):
        memory = [one for one in events_of(rows) if one.time >= as_of - reach]
        assert now_of(learned, memory, as_of=as_of) == as_lists(expected)


def test_what_was_shown_lately_follows_what_the_bundle_knows() -> None:
    items = IdMap.of(["a", "b", "c"])
    owners, known = np.zeros(2, dtype=np.int32), np.array([0, 1], dtype=np.int32)
    past = Showings.of(owners, known, np.array([5, 7]), 1)
    fresh = [Sight.of("1", "u", 7, ("b", "never")), Sight.of("2", "u", 9, ("c", "a"))]  # the first is known already
    both = joined_shown(past, fresh, items)
    assert both.items.tolist() == [0, 1, 0, 2]
    assert both.times.tolist() == [5, 7, 9, 9]
    assert joined_shown(None, fresh, items).items.tolist() == [1, 0, 2]
    assert joined_shown(None, [], items).items.tolist() == []
