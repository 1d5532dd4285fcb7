from dataclasses import replace

import pytest
from rich.console import Console, RenderableType

from slatewright.explain.reasons import Importance, Part, Reasons, largest_first, weights_of
from slatewright.explain.telling import SHOWN, amount, importance_tables, reasons_table, sentences, signed

PARTS = [Part("i1", "Tea [bold]", 3.0, 0.5), Part("i2", "i2", None, -0.25), Part("i3", "i3", 1.0, 1e-9)]
FOUND = Reasons("i9 for u", "together", "exact", score=1.25, base=1.0, parts=largest_first(PARTS), notes=("A note.",))


def printed(given: RenderableType) -> str:
    console = Console(width=80)
    with console.capture() as out:
        console.print(given)
    return out.get()


def test_sentences_say_what_speaks_for_and_against() -> None:
    assert sentences(FOUND) == (
        "together gives i9 for u the score 1.25.",
        "What speaks for it: Tea [bold] (+0.5).",
        "What speaks against it: i2 (-0.25).",
        "3 parts and a base of 1 make 1.25, the score.",
        "A note.",
    )


@pytest.mark.parametrize(("fit", "words"), [(0.97, "97\u00a0% of how the score changes (R²)."), (0.2, "says little")])
def test_a_surrogate_says_how_far_it_can_be_trusted(fit: float, words: str) -> None:
    told = sentences(replace(FOUND, how="lime", fit=fit, score=2.0))
    assert "3 parts and a base of 1 make 1.25, the surrogate's guess." in told
    assert words in told[-2]


def test_without_parts_there_is_no_sum_to_tell() -> None:
    assert sentences(replace(FOUND, parts=())) == ("together gives i9 for u the score 1.25.", "A note.")


def test_the_table_has_every_number_and_the_rest_in_one_line() -> None:
    text = printed(reasons_table(FOUND))
    assert "Tea [bold] (i1)" in text
    assert text.splitlines()[1].count("█") == 2 * text.splitlines()[2].count("█") == 24
    many = tuple(Part(f"i{at}", f"i{at}", 1.0, 1.0) for at in range(SHOWN + 3))
    assert "3 more" in printed(reasons_table(replace(FOUND, parts=many)))
    assert " +3" in printed(reasons_table(replace(FOUND, parts=many)))


def test_parts_that_add_nothing_are_no_rows() -> None:
    nothing = replace(FOUND, parts=tuple(replace(part, contribution=0.0) for part in PARTS), score=1.0)
    assert [line.split() for line in printed(reasons_table(nothing)).splitlines()] == [["value", "adds"], ["base", "1"]]


def test_what_counts_is_told_and_what_does_not_is_left_out() -> None:
    of = {"item": weights_of({"a": 3.0, "b": 1.0}), "age": weights_of({"new": 0.0}), "model": ()}
    tables = [printed(one) for one in importance_tables(Importance("m", "exact", 4, of))]
    assert len(tables) == 1
    assert "75" in tables[0].splitlines()[1]


def test_numbers() -> None:
    assert [amount(one) for one in (0.0, 0.42312, 1234.56, -3e-5)] == ["0", "0.4231", "1235", "-3e-05"]
    assert [signed(one) for one in (0.0, 2.0, -0.5)] == ["0", "+2", "-0.5"]
