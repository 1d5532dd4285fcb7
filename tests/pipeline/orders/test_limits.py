from typing import Any

import pytest

from slatewright.core.errors import BadKnob, NotThere
from slatewright.pipeline import AtLeast, AtMost, Exactly
from slatewright.pipeline.orders.limits import Limit, told
from slatewright.pipeline.policy import BadExpression
from slatewright.testing.town import town_pipeline


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (AtMost(2, fact="brand", in_any=6), "AtMost(2, fact='brand', in_any=6)"),
        (AtLeast(3, "price < 20"), "AtLeast(3, where='price < 20')"),
        (Exactly(1, "sponsored", not_first=True), "Exactly(1, where='sponsored', not_first=True)"),
    ],
)
def test_a_rule_is_told_as_it_is_written(rule: Any, words: str) -> None:
    assert told(rule) == words


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AtMost(2), r"give one of them, got AtMost\(2\)"),
        (lambda: AtMost(2, fact="brand", where="price < 20"), "give one of them"),
        (lambda: AtMost(-1, fact="brand"), r"AtMost\.most must be >= 0, got -1"),
        (lambda: AtLeast(0, "price < 20"), r"AtLeast\.least must be >= 1"),
        (lambda: AtLeast(4, "price < 20", in_any=3), r"AtLeast\.least must be <= in_any"),
        (lambda: AtMost(1, fact="brand", in_any=0), r"AtMost\.in_any must be >= 1"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(make: Any, message: str) -> None:
    with pytest.raises(BadKnob, match=message):
        make()


def test_what_a_rule_asks_for_must_be_there() -> None:
    world = town_pipeline().world
    with pytest.raises(NotThere, match=r"AtMost asks for the fact 'titel'; items have .*did you mean 'title'\?"):
        AtMost(2, fact="titel").bind(world)
    with pytest.raises(BadExpression):
        AtLeast(2, "prize < 20").bind(world)


def test_a_short_slate_is_asked_for_no_more_than_it_has() -> None:
    assert Limit("", lambda query, items: items, window=6, least=3).over(2).least == 2
    never_first = Limit("", lambda query, items: items, most=1, least=1, barred=True)
    assert never_first.over(1).least == 0
    assert never_first.over(2).least == 1


def test_easing_lets_the_first_place_go_first() -> None:
    rule = Limit("", lambda query, items: items, most=1, least=1, barred=True)
    assert (rule.easier(1).barred, rule.easier(1).most, rule.easier(1).least) == (False, 1, 1)
    assert (rule.easier(2).barred, rule.easier(2).most, rule.easier(2).least) == (False, 2, 0)
    assert rule.easier(2).eased == 2
