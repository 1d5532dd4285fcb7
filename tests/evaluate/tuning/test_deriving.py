"""The space is read from the estimator's own fields."""

import pytest

from slatewright.core.errors import BadKnob
from slatewright.evaluate.tuning.deriving import space_of
from slatewright.evaluate.tuning.ranges import Choice, Span
from slatewright.models import ALS, BPR, ItemKNN, Popularity

from .worlds import Peak


def test_ranges_choices_and_truths_come_from_where_the_knobs_are_declared() -> None:
    assert space_of(Peak()).ranges == {
        "reg": Span(0.01, 100),
        "shrinkage": Span(0, 9, whole=True),
        "weighting": Choice(("fine", "raise", "room", "memory", "kill", "diverge")),
    }
    neighbours = space_of(ItemKNN()).ranges
    assert isinstance(neighbours["weighting"], Choice)
    assert "half_life_days" in space_of(Popularity()).ranges
    half_life = space_of(Popularity()).ranges["half_life_days"]
    assert isinstance(half_life, Span)
    assert half_life.optional


def test_a_seed_is_never_searched() -> None:
    assert "rng" not in space_of(ALS()).ranges
    assert "rng" not in space_of(BPR()).ranges


def test_what_is_given_wins_and_none_means_the_own_range() -> None:
    space = space_of(Peak(), {"reg": None, "shrinkage": (2, 4), "weighting": ["fine", "raise"]})
    assert space.ranges == {
        "reg": Span(0.01, 100),
        "shrinkage": Span(2, 4, whole=True),
        "weighting": Choice(("fine", "raise")),
    }


def test_a_word_has_no_range() -> None:
    with pytest.raises(BadKnob, match=r"Peak\.weighting is no number and cannot have a range: give a list of values"):
        space_of(Peak(), {"weighting": (1, 2)})
