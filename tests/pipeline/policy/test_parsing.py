from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slatewright.pipeline.policy.parsing import DEEPEST, parse
from slatewright.pipeline.policy.tree import Both, Call, Compared, Constant, Named, Not, Several, Sum
from slatewright.pipeline.policy.wording import BadExpression


def test_and_binds_closer_than_or_and_not_closer_than_both() -> None:
    tree = parse("not a or b and c")
    assert isinstance(tree, Both)
    assert tree.either
    assert isinstance(tree.parts[0], Not)
    assert isinstance(tree.parts[1], Both)
    assert not tree.parts[1].either


def test_times_binds_closer_than_plus_and_both_closer_than_comparing() -> None:
    tree = parse("a + 2 * -b < 3 - 1")
    assert isinstance(tree, Compared)
    assert isinstance(tree.left, Sum)
    (sign, product) = tree.left.steps[0]
    assert sign == "+"
    assert isinstance(product, Sum)
    assert product.steps[0][0] == "*"


def test_places_are_those_of_the_text() -> None:
    tree = parse('contains(item.title, "x") and item["odd"] not in [1, -2]')
    assert isinstance(tree, Both)
    call, negated = tree.parts
    assert isinstance(call, Call)
    assert (call.start, call.end) == (0, 25)
    assert call.given[0] == Named(9, 19, "item", "title")
    assert isinstance(negated, Not)
    assert negated.part == Compared(
        30, 56, "in", Named(30, 41, "item", "odd"), Several(49, 56, (Constant(50, 51, 1.0), Constant(53, 55, -2.0)))
    )


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("", 1, "there is nothing here"),
        ("a <", 4, "a fact, a number, a text or ( should stand here, got the end"),
        ("(a < 1", 7, ") is missing for the ( at column 1"),
        ("a < 1)", 6, "here the expression should end, got )"),
        ("a is b", 3, "write == to compare, missing(fact)"),
        ("a not b", 7, "after this not stands in"),
        ("a in [b]", 7, "a list holds numbers or texts only"),
        ("item.", 6, "the name of a fact should stand after item., got the end"),
        ("item[1]", 6, "the name of a fact should stand here"),
        ("a == b == c", 8, "after == another comparison is joined by and"),
        ("lambda x", 1, "a fact, a number, a text or ( should stand here, got lambda"),
        ("a.b.c", 4, "here the expression should end, got ."),
        ("f(1, ", 5, "should stand here"),
    ],
)
def test_a_mistake_is_pointed_at(text: str, column: int, problem: str) -> None:
    with pytest.raises(BadExpression, match=r"column") as caught:
        parse(text)
    assert caught.value.start == column - 1
    assert problem in str(caught.value)


@pytest.mark.parametrize("opening", ["(", "not ", "-", "abs(", "[", "a < ("])
def test_what_stands_too_deep_is_refused(opening: str) -> None:
    with pytest.raises(BadExpression, match=f"more than {DEEPEST} deep"):
        parse(opening * 900 + "a")


def test_long_rows_are_no_depth() -> None:
    tree = parse(" + ".join(["a"] * 1000) + " < " + " and ".join(["1"] * 500))
    assert isinstance(tree, Both)


@given(st.text(alphabet="ab1.()[]<=>!+-*/,\"' notrdi", max_size=60))
@example("a<b<c<d")
def test_any_text_is_a_tree_or_a_mistake(text: str) -> None:
    with suppress(BadExpression):
        parse(text)
