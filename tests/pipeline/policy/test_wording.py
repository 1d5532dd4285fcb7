import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.pipeline.policy.wording import BadExpression, tokens_of


def test_words_know_their_place() -> None:
    words = tokens_of('price<=1.5e1 and näme!="a\\"b"')
    assert [(word.kind, word.value, word.start, word.end) for word in words] == [
        ("name", "price", 0, 5), ("sign", "<=", 5, 7), ("number", 15.0, 7, 12), ("name", "and", 13, 16),
        ("name", "näme", 17, 21), ("sign", "!=", 21, 23), ("text", 'a"b', 23, 29), ("end", "", 29, 29),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("a = 1", 3, "write == to compare"),
        ("a && b", 3, "write: and"),
        ("a || b", 3, "write: or"),
        ("!a", 1, "write: not"),
        ('a == "open', 6, "this text has no end"),
        ("a ; b", 3, "; means nothing here"),
        ("a == 1e999", 6, "this number is too large"),
        ("3a < 1", 1, "a name cannot begin with a digit"),
    ],
)
def test_what_is_no_word_is_pointed_at(text: str, column: int, problem: str) -> None:
    with pytest.raises(BadExpression) as caught:
        tokens_of(text)
    assert caught.value.start == column - 1
    assert str(caught.value).startswith(f"column {column}: {problem}\n  {text}\n  {' ' * (column - 1)}^")


def test_carets_stand_below_wide_letters_and_in_their_line() -> None:
    with pytest.raises(BadExpression) as caught:
        tokens_of('a == "茶"\n and 茶 = 1 or\n b')
    assert str(caught.value).splitlines() == [
        "line 2 of the expression, column 8: write == to compare",
        "   and 茶 = 1 or",
        "          ^",
    ]


def test_of_a_long_line_the_place_is_shown() -> None:
    with pytest.raises(BadExpression) as caught:
        tokens_of("a" * 500 + " = " + "b" * 500)
    line, carets = str(caught.value).splitlines()[1:]
    assert len(line) <= 162
    assert line[carets.index("^")] == "="


@given(st.text(max_size=40))
def test_any_text_is_words_or_a_mistake_with_a_place(text: str) -> None:
    problem = None
    try:
        assert tokens_of(text)[-1].kind == "end"
    except BadExpression as error:
        problem = error
    assert problem is None or 0 <= problem.start <= problem.end <= len(text)
