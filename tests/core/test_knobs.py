from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob, check_knobs, from_mapping, knobs_of, misfits


@dataclass(frozen=True)
class Oven:
    heat: Annotated[float, Knob("degrees", above=0, most=300)] = 180.0
    trays: Annotated[int, Knob("trays", least=1, below=5)] = 2
    mode: Annotated[str, Knob("how", choices=("fan", "grill"))] = "fan"
    half_life_days: Annotated[float | None, Knob("decay", above=0)] = None
    tags: Annotated[tuple[str, ...], Knob("labels")] = ()
    shelves: Annotated[tuple[int, ...], Knob("heights")] = ()
    prices: Annotated[Mapping[str, float], Knob("of what is baked")] = field(default_factory=dict)
    hot: Annotated[bool, Knob("preheated")] = False
    note: str = "no knob"

    def __post_init__(self) -> None:
        check_knobs(self)


def test_all_values_that_do_not_fit_are_told_by_their_knob() -> None:
    assert misfits(Oven, {"heat": 0, "trays": 2, "mode": 3, "other": 1}) == {
        "heat": "must be > 0, got 0",
        "mode": "must be text, got 3",
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"heat": 0}, r"Oven\.heat must be > 0, got 0"),
        ({"heat": 301}, r"Oven\.heat must be <= 300, got 301"),
        ({"heat": float("nan")}, r"Oven\.heat must be finite, got nan"),
        ({"heat": "hot"}, r"Oven\.heat must be a number, got 'hot'"),
        ({"heat": True}, r"Oven\.heat must be a number, got True"),
        ({"trays": 0}, r"Oven\.trays must be >= 1, got 0"),
        ({"trays": 5}, r"Oven\.trays must be < 5, got 5"),
        ({"trays": 1.5}, r"Oven\.trays must be a whole number, got 1\.5"),
        ({"mode": "steam"}, r"Oven\.mode must be one of 'fan', 'grill', got 'steam'"),
        ({"trays": np.int64(5)}, r"Oven\.trays must be < 5, got 5"),
        ({"trays": np.float64(2)}, r"Oven\.trays must be a whole number, got 2\.0"),
        ({"heat": np.float32("nan")}, r"Oven\.heat must be finite, got nan"),
        ({"heat": np.array([180.0])}, r"Oven\.heat must be a number, got array\(\[180\.\]\)"),
        ({"heat": np.True_}, r"Oven\.heat must be a number, got True"),
        ({"half_life_days": -1}, r"Oven\.half_life_days must be > 0, got -1"),
        ({"half_life_days": "a"}, r"Oven\.half_life_days must be a number or none, got 'a'"),
        ({"tags": ("a", 5)}, r"Oven\.tags must be a tuple of text, got \('a', 5\)"),
        ({"shelves": (1, 2.5)}, r"Oven\.shelves must be a tuple of whole numbers, got \(1, 2\.5\)"),
        ({"shelves": 3}, r"Oven\.shelves must be a tuple of whole numbers, got 3"),
        ({"prices": {"a": "b"}}, r"Oven\.prices must be a mapping of text to numbers, got {'a': 'b'}"),
        ({"prices": {1: 2.0}}, r"Oven\.prices must be a mapping of text to numbers, got {1: 2\.0}"),
    ],
)
def test_a_knob_out_of_range_is_refused_with_the_value_in_hand(given: dict[str, object], message: str) -> None:
    with pytest.raises(BadKnob, match=message):
        Oven(**given)  # type: ignore[arg-type]


@given(st.sampled_from([np.int8, np.int64, np.uint16]), st.sampled_from([np.float16, np.float32, np.float64]))
def test_numbers_of_numpy_become_plain_numbers(whole: type[np.integer], real: type[np.floating]) -> None:
    oven = Oven(heat=real(90.5), trays=whole(3), half_life_days=whole(7), shelves=(whole(1), 2), hot=np.True_)  # type: ignore[arg-type]
    assert oven == Oven(heat=90.5, trays=3, half_life_days=7, shelves=(1, 2), hot=True)
    values = (oven.heat, oven.trays, oven.half_life_days, *oven.shelves, oven.hot)
    assert [type(value) for value in values] == [float, int, int, int, int, bool]


def test_knobs_are_read_from_the_declaration() -> None:
    assert [field.name for field in knobs_of(Oven)] == [
        "heat",
        "trays",
        "mode",
        "half_life_days",
        "tags",
        "shelves",
        "prices",
        "hot",
    ]
    assert knobs_of(Oven)[0].default == 180.0
    assert knobs_of(Oven)[0].type is float


def test_a_settings_section_becomes_knobs() -> None:
    assert from_mapping(Oven, {"heat": 90, "tags": ["a", "b"]}, where="[oven]") == Oven(heat=90, tags=("a", "b"))


def test_an_unknown_setting_is_named_with_those_that_exist() -> None:
    with pytest.raises(BadKnob, match=r"\[oven\]: there is no setting 'hat'; it has heat, trays"):
        from_mapping(Oven, {"hat": 1}, where="[oven]")


def test_a_bad_setting_names_its_section() -> None:
    with pytest.raises(BadKnob, match=r"\[oven\]: Oven\.trays must be >= 1, got 0"):
        from_mapping(Oven, {"trays": 0}, where="[oven]")
