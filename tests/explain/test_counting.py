import numpy as np
import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY, instant
from slatewright.core.errors import BadInput
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.explain.counting import LISTED, MOST_USERS, importance_of_histories
from slatewright.models import BuyItAgain, ItemKNN, Model, Popularity
from slatewright.testing.town import town

from .planted import CAUSE, EFFECT, kettles


def test_what_decides_is_found_over_all_lists() -> None:
    model = ItemKNN().fit(kettles())
    kettle_and = [model.known.items.positions([CAUSE, f"thing{at}"]) for at in range(10)]
    found = importance_of_histories(model, Histories.of(kettle_and))
    assert found.how == "exact"
    assert found.top("item").name == CAUSE
    assert list(found.of) == ["item"]  # no kinds are told, and all events are of one instant


def test_the_mean_size_is_what_a_hand_adds_up() -> None:
    model = ItemKNN().fit(kettles())
    history = Histories.of([model.known.items.positions(["thing0", "thing1"])])
    listed = model.best(history, LISTED)
    sizes = sum(np.abs(model.reasons(history, int(item))) for item in listed.items[0, : listed.counts[0]])
    found = {one.name: one.importance for one in importance_of_histories(model, history).of["item"]}
    assert found == pytest.approx(dict(zip(["thing0", "thing1"], sizes / listed.counts[0], strict=True)))


def test_kinds_and_ages_are_told_apart() -> None:
    end = instant("2024-06-01")
    events = pl.DataFrame(
        [
            (user, item, kind, end - days * MICROSECONDS_PER_DAY)
            for user in ("u", "v", "w")
            for item, kind, days in (("a", "view", 400), ("b", "purchase", 20), ("c", "view", 0))
        ],
        schema=["user_id", "item_id", "kind", "time"],
        orient="row",
    ).with_columns(pl.col("time").cast(pl.Datetime("us", "UTC")))
    model = ItemKNN().fit(dataset_of(events))
    whole = model.known.histories
    found = importance_of_histories(model, whole.only(whole.items != whole.items[0]))
    assert {one.name for one in found.of["kind"]} == {"purchase", "view"}
    assert {one.name for one in found.of["age"]} == {"up to 7 days", "8 to 30 days"}
    assert sum(one.share for one in found.of["age"]) == pytest.approx(1)


def test_of_many_users_some_are_drawn_the_same_for_the_same_seed() -> None:
    model, told = ItemKNN().fit(town()), list[int]()
    many = model.known.histories.take(np.arange(60, dtype=np.int32).repeat(4))
    first = importance_of_histories(model, many, 1, progress=lambda step, done, total: told.append(total))
    assert set(told) == {MOST_USERS}
    assert first == importance_of_histories(model, many, 1)
    assert first != importance_of_histories(model, many, 2)


def test_a_model_of_repeats_is_asked_about_what_was_bought() -> None:
    model: Model = BuyItAgain().fit(dataset_of(pl.DataFrame(
        {"user_id": ["u"] * 4 + ["v"], "item_id": ["a", "a", "a", "b", "a"], "kind": ["purchase"] * 5,
         "time": [instant(f"2024-01-{day:02d}") for day in (1, 8, 15, 15, 3)]}
    ).with_columns(pl.col("time").cast(pl.Datetime("us", "UTC")))))  # fmt: skip
    found = importance_of_histories(model, model.known.histories)
    assert found.how == "shared"
    assert found.top("item").name == "a"
    assert found.top("item").importance > 0


def test_a_model_that_looks_at_no_history_has_nothing_that_counts() -> None:
    found = importance_of_histories(Popularity().fit(town()), town().histories())
    assert {one.importance for one in found.of["item"]} == {0.0}
    assert {one.share for one in found.of["item"]} == {0.0}


def test_histories_without_events_are_refused() -> None:
    model = ItemKNN().fit(kettles())
    with pytest.raises(BadInput, match="none of these has an event"):
        importance_of_histories(model, Histories.of([[], []]))
    assert EFFECT in model.known.items
