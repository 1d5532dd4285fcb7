"""Classes counted by hand, and what is said of them."""

import polars as pl
import pytest

from slatewright.core.knobs import knobs_of
from slatewright.data.dataset import dataset_of
from slatewright.evaluate.diagnosis.imbalance import imbalance_of, sentences
from slatewright.models import ALS, BPR, EASE, SLIM, Balanced, ItemKNN, RP3beta, UserKNN
from slatewright.testing.worlds import two_tastes


def shop() -> pl.DataFrame:
    """200 users view a poster five times, 6 buy tea; 100 rate it 5, two rate it 1."""
    rows: list[tuple[str, str, str, float]] = []
    for user in range(200):
        rows += [(f"u{user:03}", "poster", "view", 1.0)] * 5
    rows += [(f"u{user:03}", "tea", "purchase", 1.0) for user in range(6)]
    rows += [(f"u{user:03}", f"book {user % 40}", "rating", 1.0 if user < 2 else 5.0) for user in range(100)]
    frame = pl.DataFrame(rows, schema=["user_id", "item_id", "kind", "value"], orient="row")
    return frame.with_columns(time=pl.int_range(pl.len()))


FOUND = imbalance_of(dataset_of(shop()))


def test_classes_are_counted() -> None:
    assert [(one.name, one.events) for one in FOUND.kinds] == [("view", 1000), ("rating", 100), ("purchase", 6)]
    assert FOUND.kinds[0].share == pytest.approx(1000 / 1106)
    assert [(one.name, one.events) for one in FOUND.ratings] == [("5", 98), ("1", 2)]
    assert FOUND.density == pytest.approx((200 + 6 + 100) / (200 * 42))
    assert FOUND.top_items == pytest.approx(1000 / 1106)
    assert 0.85 < FOUND.item_gini < 1
    assert FOUND.user_gini < 0.1


def test_what_is_unequal_is_said_with_what_answers_it() -> None:
    said = " ".join(sentences(FOUND))
    assert "The top 1% of the items take 90% of the events" in said
    assert "Raise purchase under [weights], or take Balanced(by='kind')" in said
    assert "Ratings of 1 are rare" in said
    assert "top 1% of the users" not in said


def test_what_is_even_is_not_complained_of() -> None:
    said = list(sentences(imbalance_of(dataset_of(two_tastes()))))
    assert len(said) == 1
    assert "unobserved_weight" in said[0]


def test_every_knob_that_is_named_exists() -> None:
    named = {
        "unobserved_weight": (ALS,),
        "n_negatives": (BPR,),
        "negative_exponent": (BPR,),
        "popularity_discount": (ALS, RP3beta, UserKNN),
        "activity_discount": (EASE, ItemKNN, SLIM),
        "by": (Balanced,),
    }
    for knob, owners in named.items():
        for owner in owners:
            assert knob in {field.name for field in knobs_of(owner)}, (knob, owner)


def test_events_of_no_told_kind_that_carry_values_are_ratings() -> None:
    stars = pl.DataFrame({"user_id": ["a", "b", "c"], "item_id": ["x", "y", "x"], "value": [5.0, 1.0, 5.0]})
    assert [(one.name, one.events) for one in imbalance_of(dataset_of(stars)).ratings] == [("5", 2), ("1", 1)]


def test_nothing_at_all() -> None:
    empty = dataset_of(shop().head(0))
    assert imbalance_of(empty).kinds == ()
    assert imbalance_of(empty).item_gini == 0
