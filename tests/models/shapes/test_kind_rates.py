"""Chances by kind of event and item: each verb by hand."""

from dataclasses import replace

import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.model import Known
from slatewright.models.shapes.kind_rates import KindRates

MODEL = KindRates(
    Known(IdMap.of([]), IdMap.of(["a", "b", "c"]), Histories.of([])),
    kinds=np.array(["view", "cart", "purchase"]),
    rates=np.array([[0.1, 0.2, 0.3], [0.5, 0.6, 0.7], [0, 0, 0]], dtype=np.float32),
    first_rate=np.array([0.01, 0.03, 0.02], dtype=np.float32),
    half_life_days=np.array([np.inf]),
    as_of=np.array([0]),
)
KINDS = ("cart", "view", "purchase")


def history(items: list[int], kinds: list[str], days: list[int] | None = None) -> Histories:
    times = [(day * MICROSECONDS_PER_DAY) for day in days or [0] * len(items)]
    codes = np.array([KINDS.index(kind) for kind in kinds], dtype=np.int8)
    return replace(Histories.of([items], times=[times]), kinds=codes, kind_names=KINDS)


def test_kinds_on_one_item_are_independent_chances() -> None:
    scores = MODEL.score(history([0, 0, 2], ["view", "cart", "view"]))
    assert scores[0] == pytest.approx([1 - 0.99 * 0.9 * 0.5, 0.03, 1 - 0.98 * 0.7])


def test_the_same_kind_twice_counts_once_and_the_latest_decides_how_old_it_is() -> None:
    fading = replace(MODEL, half_life_days=np.array([1.0]))
    both = history([1, 1], ["view", "view"], [-3, -1])
    assert fading.score(both)[0, 1] == pytest.approx(1 - 0.97 * (1 - 0.2 / 2))
    assert fading.reasons(both, 1) == pytest.approx([0, 0.1])


def test_a_kind_it_does_not_know_and_what_was_bought_bring_nothing() -> None:
    scores = MODEL.score(replace(history([0, 1], ["cart", "purchase"]), kind_names=("wished", "view", "purchase")))
    assert scores[0] == pytest.approx(MODEL.first_rate)


def test_where_kinds_are_not_told_an_event_is_of_the_first() -> None:
    assert MODEL.score(Histories.of([[1]]))[0, 1] == pytest.approx(1 - 0.97 * 0.8)


def test_similar_items_are_those_bought_most() -> None:
    assert MODEL.similar(np.array([1, 0], dtype=np.int32), 2)[0].tolist() == [[2, 0], [1, 2]]
