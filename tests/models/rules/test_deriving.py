import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.core.errors import BadInput
from slatewright.models.rules.deriving import rules_of
from slatewright.models.rules.mining import frequent_sets, least_count
from slatewright.models.rules.rule_table import RuleTable

from .brute_force import Rules, rules_by_hand, sets_by_hand
from .test_mining import BASKETS, made


def as_rules(table: RuleTable) -> Rules:
    (left_bounds, left), (right_bounds, right) = table.antecedents(), table.consequents()
    found = {
        (
            frozenset(left[left_bounds[rule] : left_bounds[rule + 1]].tolist()),
            frozenset(right[right_bounds[rule] : right_bounds[rule + 1]].tolist()),
        ): (int(table.sets.counts[table.whole[rule]]), float(table.confidence[rule]))
        for rule in range(len(table))
    }
    assert len(found) == len(table), "a rule twice"
    return found


@settings(max_examples=60, deadline=None)
@given(baskets=BASKETS, support=st.floats(0.02, 0.5), confidence=st.floats(0, 1), most=st.integers(1, 9))
def test_exactly_the_rules_that_counting_finds(
    baskets: list[set[int]], support: float, confidence: float, most: int
) -> None:
    counts = sets_by_hand(baskets, least_count(support, len(baskets)))
    found = rules_of(frequent_sets(made(baskets), support), confidence, most_consequents=most)
    assert as_rules(found) == rules_by_hand(counts, confidence, most)


def test_too_many_ways_to_split_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slatewright.models.rules.deriving.MOST_SPLITS", 100)
    sets = frequent_sets(made([set(range(9))] * 3), 0.5)
    with pytest.raises(BadInput, match=r"can be split into 18,660 rules; raise min_support or lower max_length"):
        rules_of(sets, 0.5, most_consequents=9)


def test_too_many_rules_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slatewright.models.rules.deriving.MOST_SETS", 100)
    sets = frequent_sets(made([set(range(9))] * 3), 0.5)
    with pytest.raises(BadInput, match=r"2,295 rules are too many; raise min_confidence \(now 0.5\)"):
        rules_of(sets, 0.5)
