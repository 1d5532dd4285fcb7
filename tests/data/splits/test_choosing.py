"""Splits by the names of their protocols."""

import pytest

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import from_mapping
from slatewright.data.splits import (
    PROTOCOLS,
    Allowing,
    GlobalTime,
    LastN,
    RollingWindows,
    SampledNegatives,
    card_of,
    chosen_split,
    split_of_card,
)
from slatewright.data.splits.choosing import Chosen

WHERE = "slatewright.toml [split]"


def test_without_a_word_it_is_the_global_time_split() -> None:
    assert chosen_split({}, {}, where=WHERE) == GlobalTime()
    assert chosen_split({"at": "2024-02-01"}, {}, where=WHERE) == GlobalTime(at="2024-02-01")


def test_what_is_given_wins_and_another_protocol_takes_over_the_knobs_it_has() -> None:
    settings = {"protocol": "global-time", "test_share": 0.3, "validation_share": 0.2, "kinds": ["purchase"]}
    assert chosen_split(settings, {"test_share": 0.4}, where=WHERE) == GlobalTime(None, 0.4, 0.2, ("purchase",))
    rolling = chosen_split(settings, {"protocol": "rolling", "windows": 2}, where=WHERE)
    assert rolling == RollingWindows(2, validation_share=0.2, kinds=("purchase",))
    assert chosen_split(settings, {"protocol": "last-n"}, where=WHERE) == LastN(validation_share=0.2)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_in_the_settings_of_a_new_shop_only_the_protocol_need_be_changed(name: str) -> None:
    written = {"test_share": 0.2, "validation_share": 0.1, "kinds": []}  # as init writes them
    split = chosen_split({"protocol": name, **written}, {}, where=WHERE)
    assert split == from_mapping(
        PROTOCOLS[name], {key: written[key] for key in card_of(split).keys() & written}, where=""
    )


def test_sampled_negatives_and_what_is_allowed_stand_around_any_split() -> None:
    split = chosen_split({"protocol": "last-n", "rng": 3}, {"negatives": 50, "allow": ["sessions"]}, where=WHERE)
    assert split == Allowing(SampledNegatives(LastN(rng=3), 50, rng=3), ("sessions",))


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_card_makes_the_split_again(name: str) -> None:
    plain = PROTOCOLS[name]()
    wrapped: list[Chosen] = [plain, SampledNegatives(plain, 7), Allowing(SampledNegatives(plain, 7), ("k",))]
    for split in wrapped:
        assert split_of_card(card_of(split), where="the run") == split


def test_unknown_names_are_refused_with_those_there_are() -> None:
    with pytest.raises(BadKnob, match=r"\[split\]: a protocol must be one of global-time, rolling, .*, got 'luck'"):
        chosen_split({"protocol": "luck"}, {}, where=WHERE)
    with pytest.raises(BadKnob, match="no setting 'windows' in a split global-time; it has at, test_share"):
        chosen_split({"windows": 4}, {"protocol": "rolling"}, where=WHERE)
    with pytest.raises(BadKnob, match="kinds is for global-time, rolling: leave it out, or choose that protocol"):
        chosen_split({"protocol": "last-n", "kinds": ["purchase"]}, {}, where=WHERE)
    with pytest.raises(BadKnob, match="protocol rolling: there is no setting 'folds'"):
        chosen_split({}, {"protocol": "rolling", "folds": 3}, where=WHERE)
    with pytest.raises(BadKnob, match=r"allow must be of the checks time, ids, .*, got 'all'"):
        chosen_split({"allow": ["all"]}, {}, where=WHERE)
    with pytest.raises(BadKnob, match=r"\[split\]: RollingWindows.windows must be >= 1, got 0"):
        chosen_split({"protocol": "rolling", "windows": 0}, {}, where=WHERE)
