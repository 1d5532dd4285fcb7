import pytest

from slatewright.core.errors import BadKnob
from slatewright.pipeline import Lessons


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("teaching_share", 1.0),
        ("horizon_days", 0.0),
        ("n_questions", 0),
        ("position", "guess"),
        ("calibration_share", 0),
    ],
)
def test_a_lesson_out_of_range_is_refused(knob: str, value: object) -> None:
    with pytest.raises(BadKnob, match=f"Lessons.{knob} must be"):
        Lessons(**{knob: value})  # type: ignore[arg-type]
