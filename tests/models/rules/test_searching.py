import pytest

from slatewright.core.errors import BadKnob
from slatewright.models.rules.searching import RuleSearch

from .test_mining import made
from .test_rule_table import BASKETS


def test_the_share_and_the_number_of_baskets_must_both_be_reached() -> None:
    baskets = made(BASKETS, 3)
    assert len(RuleSearch(min_support=0.1, min_baskets=4).find(baskets)) == 4
    assert len(RuleSearch(min_support=0.4, min_baskets=1).find(baskets)) == 4
    assert len(RuleSearch(min_support=0.1, min_baskets=1, min_lift=1.4).find(baskets)) == 4
    assert len(RuleSearch(min_support=0.1, min_baskets=1, min_confidence=0.9, max_length=2).find(baskets)) == 2


def test_knobs_are_checked() -> None:
    with pytest.raises(BadKnob, match=r"RuleSearch.most_consequents must be >= 1, got 0"):
        RuleSearch(most_consequents=0)
