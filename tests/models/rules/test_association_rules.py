from typing import Any

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.models import AssociationRules
from slatewright.models.costs import Size
from slatewright.testing.estimators import EstimatorKit

SMALL: dict[str, Any] = {"min_baskets": 1, "min_support": 0.01, "shrinkage": 0.0, "basket_minutes": None}


class TestAssociationRules(EstimatorKit):
    estimator = AssociationRules(basket_minutes=None, min_baskets=2)


class TestByLift(EstimatorKit):
    estimator = AssociationRules(
        measure="lift", max_length=3, min_baskets=1, basket_minutes=None, history_half_life_days=10
    )


def shop() -> Dataset:
    """Bread goes with butter; bread and butter with jam; tea with honey."""
    baskets = [["bread", "butter", "jam"]] * 3 + [["bread", "butter"]] * 2 + [["tea", "honey"]] * 3 + [["bread"]] * 2
    rows = [(f"u{at}", item) for at, basket in enumerate(baskets) for item in basket]
    return dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id"], orient="row"))


def test_a_rule_fires_when_its_whole_left_side_is_there() -> None:
    dataset = shop()
    model = AssociationRules(max_length=3, **SMALL).fit(dataset)
    of = {name: index for index, name in enumerate(dataset.items)}
    scores = model.score(Histories.of([[of["bread"]], [of["bread"], of["butter"]], [of["tea"]]]))
    assert scores[0, of["butter"]] == pytest.approx(5 / 7)
    assert scores[0, of["jam"]] == pytest.approx(3 / 7)
    assert scores[1, of["jam"]] == pytest.approx(3 / 5)  # butter alone says as much as bread and butter
    assert scores[2, of["honey"]] == 1
    assert scores[2, of["bread"]] < min(scores[0, of["jam"]], 0.25), "no rule fires: less than any rule"


def test_doubt_takes_from_rules_that_few_baskets_tell_of() -> None:
    dataset = shop()
    sure = AssociationRules(**SMALL).fit(dataset)
    doubting = AssociationRules(**{**SMALL, "shrinkage": 3.0}).fit(dataset)
    bread, butter = dataset.items.locate(["bread", "butter"])[0]
    history = Histories.of([[bread]])
    assert doubting.score(history)[0, butter] == pytest.approx(sure.score(history)[0, butter] * 7 / 10)


def test_the_rules_can_be_read() -> None:
    dataset = shop()
    found = AssociationRules(**{**SMALL, "min_lift": 2.0}).rules(dataset)
    rows = found.by("lift").frame(dataset.items.names).select("antecedent", "consequent", "lift").rows()
    assert sorted(rows[:2]) == [
        (["honey"], ["tea"], pytest.approx(10 / 3)),
        (["tea"], ["honey"], pytest.approx(10 / 3)),
    ]
    assert all(lift >= 2 for _, _, lift in rows)


def test_a_kind_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadInput, match="there is no event of kind 'order'"):
        AssociationRules(kinds=("order",)).fit(shop())


def test_knobs_are_checked() -> None:
    with pytest.raises(BadKnob, match=r"AssociationRules.min_support must be > 0, got 0"):
        AssociationRules(min_support=0)
    with pytest.raises(BadKnob, match=r"AssociationRules.max_length must be >= 2, got 1"):
        AssociationRules(max_length=1)
    with pytest.raises(BadKnob, match=r"AssociationRules.measure must be one of 'confidence'"):
        AssociationRules(measure="conviction")


def test_more_events_cost_more() -> None:
    cost = AssociationRules().cost(Size.of(shop()))
    assert cost.memory > 0
    assert all(np.isfinite(amount) for amount in cost.work.values())


def test_what_was_bought_together_of_late_counts_more() -> None:
    """Bread goes with jam in old baskets, with butter in new ones."""
    rows = [
        (f"u{at}", item, 200 * 86_400_000_000 * (at // 6) + 1)
        for at in range(12)
        for item in ("bread", "jam" if at < 6 else "butter")
    ]
    dataset = dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id", "time"], orient="row"))
    bread, butter, jam = dataset.items.locate(["bread", "butter", "jam"])[0]
    history = Histories.of([[bread]])
    alike = AssociationRules(**SMALL).fit(dataset).score(history)[0]
    assert alike[butter] == pytest.approx(0.5)
    assert alike[jam] == pytest.approx(0.5)
    faded = AssociationRules(**{**SMALL, "half_life_days": 100.0}).fit(dataset).score(history)[0]
    assert faded[butter] == pytest.approx(4 / 5, abs=0.005)
    assert faded[jam] == pytest.approx(1 / 5, abs=0.005)
