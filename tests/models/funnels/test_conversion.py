"""Conversion: the kit, and a shop small enough to count."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.models import Conversion
from slatewright.models.costs import Size
from slatewright.testing.estimators import EstimatorKit

DAY = MICROSECONDS_PER_DAY
COLUMNS = ["user_id", "item_id", "kind", "time"]
SHOP = [
    ("u1", "tea", "view", 0), ("u1", "tea", "purchase", 1),
    ("u2", "tea", "view", 0), ("u2", "tea", "view", 1), ("u2", "tea", "cart", 2), ("u2", "tea", "purchase", 3),
    ("u3", "tea", "view", 0), ("u3", "cup", "view", 1), ("u3", "cup", "cart", 2),
    ("u4", "cup", "purchase", 0), ("u4", "cup", "view", 5),
]  # fmt: skip


class TestConversion(EstimatorKit):
    estimator = Conversion()


class TestConversionOfNoKind(EstimatorKit):
    estimator = Conversion(target_kind="no such kind", shrinkage=0, half_life_days=9, history_half_life_days=3)


def shop() -> Dataset:
    rows = [(user, item, kind, day * DAY) for user, item, kind, day in SHOP]
    return dataset_of(pl.DataFrame(rows, schema=COLUMNS, orient="row"), as_of=10 * DAY)


def test_rates_are_people_who_went_on_to_buy() -> None:
    model = Conversion(shrinkage=0).fit(shop())
    rates = dict(zip(model.kinds.tolist(), model.rates.tolist(), strict=True))  # cup, tea
    assert rates["view"] == pytest.approx([0, 2 / 3])  # u4 bought the cup first and looked at it afterwards
    assert rates["cart"] == pytest.approx([0, 1])
    assert rates["purchase"] == [0, 0]


def test_people_are_lent_at_the_rate_of_items_in_general() -> None:
    model = Conversion(shrinkage=5).fit(shop())
    views = model.rates[model.kinds.tolist().index("view")]
    assert views == pytest.approx([(0 + 5 * 0.4) / (2 + 5), (2 + 5 * 0.4) / (3 + 5)])


def test_chances_of_what_was_done_to_one_item_add_up_to_less_than_certainty() -> None:
    dataset = shop()
    model = Conversion(shrinkage=5).fit(dataset)
    history = dataset.histories().take(np.array([2], dtype=np.int32))  # u3: viewed tea, viewed and carted the cup
    view, cart = (model.rates[model.kinds.tolist().index(kind)] for kind in ("view", "cart"))
    first = model.first_rate
    expected = [1 - (1 - first[0]) * (1 - view[0]) * (1 - cart[0]), 1 - (1 - first[1]) * (1 - view[1])]
    assert model.score(history)[0] == pytest.approx(expected)
    assert model.reasons(history, 0) == pytest.approx([0, view[0], cart[0]])


def test_an_old_view_counts_less() -> None:
    dataset = shop()
    history = dataset.histories().take(np.array([2], dtype=np.int32))
    fresh, faded = (Conversion(history_half_life_days=days).fit(dataset).score(history)[0] for days in (None, 2.0))
    assert (faded < fresh).all()


def test_the_cost_grows_with_the_events() -> None:
    small, large = (Conversion().cost(Size(10, 10, n, n, 0, 0, 0)).memory for n in (1000, 100_000))
    assert large > 50 * small
