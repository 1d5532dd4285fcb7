"""A comparison of recommenders whose order is known."""

import json
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from slatewright.core.errors import BadInput, BadKnob, NotThere
from slatewright.data.dataset import dataset_of
from slatewright.data.splits import Cases, GlobalTime
from slatewright.evaluate import judge
from slatewright.evaluate.comparing import Comparing, Comparison, compare, compare_judged
from slatewright.evaluate.questions import NEW_ITEMS, STRANGERS
from slatewright.metrics.ranking import METRICS
from slatewright.models import ItemLists
from slatewright.simulate import Simulation, simulate

FOLD = next(GlobalTime(test_share=0.2).split(dataset_of(simulate(Simulation(users=150, items=60, days=60)).events)))


def right_with_chance(chance: float, seed: int) -> Callable[[Cases, int], ItemLists]:
    """A list whose places each hold a right item with the given chance, while there are any."""

    def lists(cases: Cases, k: int) -> ItemLists:
        rng, n_items = np.random.default_rng(seed), len(cases.items)
        items = np.zeros((len(cases), k), dtype=np.int32)
        for case in range(len(cases)):
            right = cases.relevant_of(case)
            wrong = np.setdiff1d(np.arange(n_items), right)
            chosen = np.where(rng.random(k) < chance, 1, 0)
            chosen[np.cumsum(chosen) > len(right)] = 0
            items[case, chosen == 1] = right[: chosen.sum()]
            items[case, chosen == 0] = rng.permutation(wrong)[: k - chosen.sum()]
        return ItemLists(items, np.zeros(items.shape, np.float32), np.full(len(cases), k))

    return lists


RECOMMENDERS = {
    "good": right_with_chance(0.6, 1),
    "as good": right_with_chance(0.6, 2),
    "bad": right_with_chance(0.01, 3),
}
FOUND = compare(RECOMMENDERS, FOLD, k=6)


def test_the_best_stands_first_and_every_pair_is_told_once_per_metric() -> None:
    assert set(FOUND.names[:2]) == {"good", "as good"}
    assert FOUND.names[-1] == "bad"
    pairs = {(one.metric, frozenset((one.first, one.second))) for one in FOUND.differences}
    assert len(pairs) == len(FOUND.differences) == 2 * 6
    assert all(one.lead.value >= 0 for one in FOUND.differences)


def test_real_differences_are_told_from_chance() -> None:
    assert not FOUND.of("good", "as good").real
    assert list(FOUND.level_with("good")) == ["as good"]
    assert FOUND.of("good", "bad").real
    assert FOUND.beats_popularity("good")
    assert not FOUND.beats_popularity("bad")
    assert not FOUND.beats_popularity("popularity")


def test_a_difference_has_two_sides() -> None:
    one, other = FOUND.of("good", "bad", "recall"), FOUND.of("bad", "good", "recall")
    assert one.lead.value == -other.lead.value > 0
    assert (one.lead.low, one.lead.high) == (-other.lead.high, -other.lead.low)
    assert (one.p, one.adjusted, one.real) == (other.p, other.adjusted, other.real)


def test_the_numbers_are_those_of_the_same_users_paired() -> None:
    judged = judge(RECOMMENDERS, FOLD, k=6)
    asked = judged.asked(NEW_ITEMS)
    assert asked is not None
    column = list(METRICS).index("ndcg")
    first, second = (judged.values(name, asked)[:, column] for name in ("good", "as good"))
    found = compare_judged(judged, how=Comparing(metrics=("ndcg",), test="t", correction="none"))
    assert found.of("good", "as good").lead.value == pytest.approx((first - second).mean())
    assert found.of("good", "as good").p == pytest.approx(stats.ttest_rel(first, second).pvalue)


def test_many_comparisons_are_corrected() -> None:
    assert all(one.adjusted >= one.p for one in FOUND.differences)
    smallest = min(FOUND.differences, key=lambda one: one.p)
    assert smallest.adjusted == pytest.approx(min(1, smallest.p * len(FOUND.differences)))
    plain = compare(RECOMMENDERS, FOLD, k=6, how=Comparing(correction="none"))
    assert all(one.adjusted == one.p for one in plain.differences)


def test_the_same_twice_is_the_same_comparison_and_is_json() -> None:
    again = compare(RECOMMENDERS, FOLD, k=6)
    assert again == FOUND
    assert json.loads(json.dumps(again.as_dict()))["contenders"][0]["name"] == FOUND.names[0]


def test_two_that_answer_alike_are_level() -> None:
    found: Comparison = compare({"one": RECOMMENDERS["good"], "other": RECOMMENDERS["good"]}, FOLD, k=6)
    assert found.of("one", "other").p == 1
    assert not found.of("one", "other").real
    assert found.names[:2] == ("one", "other")


def test_what_was_not_compared_is_not_there() -> None:
    with pytest.raises(NotThere, match="'good' and 'ease' were not compared"):
        FOUND.of("good", "ease")
    with pytest.raises(NotThere, match="in 'mrr'"):
        FOUND.of("good", "bad", "mrr")


def test_nobody_to_compare_by() -> None:
    judged = judge({}, FOLD, k=6)
    nobody = type(STRANGERS)("nobody", "", STRANGERS.right, lambda cases: np.zeros(len(cases), dtype=np.bool_))
    with pytest.raises(BadInput, match="nobody to compare by in nobody"):
        compare_judged(judged, questions=(nobody,))


def test_knobs_are_checked_at_the_door() -> None:
    with pytest.raises(BadInput, match=r"Comparing\.metrics must be of recall, .*got 'ndgc'"):
        Comparing(metrics=("ndgc",))
    with pytest.raises(BadInput, match="each once"):
        Comparing(metrics=("ndcg", "ndcg"))
    with pytest.raises(BadInput, match="some metrics"):
        Comparing(metrics=())
    with pytest.raises(BadKnob, match=r"Comparing\.test must be one of 'randomisation'"):
        Comparing(test="z")
