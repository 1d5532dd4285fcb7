import pytest

from slatewright.core.errors import BadKnob
from slatewright.models.neural.knobs import NeuralKnobs


@pytest.mark.parametrize(
    ("knob", "value"),
    [("schedule", "linear"), ("precision", "float16"), ("warm_up", 1.0), ("patience", 0), ("clip_norm", 0.0)],
)
def test_what_makes_no_sense_is_refused_at_the_door(knob: str, value: object) -> None:
    with pytest.raises(BadKnob, match=f"NeuralKnobs.{knob} must be"):
        NeuralKnobs(**{knob: value})  # type: ignore[arg-type]
