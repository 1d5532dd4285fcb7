"""Every knob of a search is an option of the command."""

import pytest

from slatewright.cli.search_options import search_of, with_search_options
from slatewright.core.errors import BadKnob
from slatewright.core.knobs import knobs_of
from slatewright.evaluate.tuning import Search


def asked(**given: object) -> Search:
    """The search of a command that was called with these options, and nothing for the others."""
    found: list[Search] = []
    command = with_search_options(lambda **told: found.append(search_of(told)))
    defaults = {name: one.default for name, one in command.__signature__.parameters.items()}  # type: ignore[attr-defined]
    command(**{**defaults, **given})
    return found[0]


def test_every_knob_of_a_search_has_an_option_with_its_default() -> None:
    assert asked() == Search(workers=1)
    assert {knob.name for knob in knobs_of(Search)} == set(vars(asked()))


def test_what_is_given_is_what_is_searched() -> None:
    assert asked(trials=3, minutes=2.0, judged_users=0, rng=0) == Search(3, 2.0, workers=1, judged_users=None)
    assert asked(workers=0).workers == 0


def test_a_knob_out_of_its_range_is_refused() -> None:
    with pytest.raises(BadKnob, match=r"Search\.trials must be >= 1, got 0"):
        asked(trials=0)
