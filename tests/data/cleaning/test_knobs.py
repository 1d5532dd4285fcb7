import pytest

from slatewright.core.errors import BadInput, BadKnob
from slatewright.core.knobs import from_mapping
from slatewright.data.cleaning import Cleaning, StepCount, sum_steps


def test_a_settings_section_becomes_checked_knobs() -> None:
    knobs = from_mapping(Cleaning, {"near_seconds": 5, "not_products": ["POST", "M"]}, where="[cleaning]")
    assert knobs.near_seconds == 5
    assert knobs.not_products == ("POST", "M")
    assert knobs.robots


@pytest.mark.parametrize("wrong", [{"near_seconds": -1.0}, {"robot_events_per_minute": 0}, {"robots": "yes"}])
def test_a_knob_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadKnob, match=f"Cleaning.{next(iter(wrong))} must be"):
        from_mapping(Cleaning, wrong, where="[cleaning]")


def test_the_earliest_date_must_be_a_date() -> None:
    with pytest.raises(BadInput, match="ISO-8601"):
        Cleaning(earliest="last year")


def test_the_counts_of_partitions_add_up_in_the_order_of_the_steps() -> None:
    one = (StepCount("robots", "quarantined", 2, "a robot"), StepCount("returns", "changed", 1))
    two = (StepCount("robots", "quarantined", 3, "a robot"), StepCount("no kind", "quarantined", 1))
    assert sum_steps([one, two]) == (
        StepCount("robots", "quarantined", 5, "a robot"),
        StepCount("returns", "changed", 1),
        StepCount("no kind", "quarantined", 1),
    )
