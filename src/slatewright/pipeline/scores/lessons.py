"""How the log is replayed to learn from."""

from dataclasses import dataclass
from typing import Annotated

from slatewright.core.knobs import Knob, check_knobs
from slatewright.models.rankers.calibrating import WAYS

POSITIONS = ("auto", "propensity", "feature", "ignore")


@dataclass(frozen=True)
class Lessons:
    """The latest events are questions; models that know only what lies before them propose, and what people then did is
    the answer.

    Of what was shown, ``position`` says how the place is kept from passing for worth: by the inverse of the logged
    propensities (Joachims, Swaminathan, Schnabel: Unbiased Learning-to-Rank with Biased Feedback, WSDM 2017), or by a
    column that says the place and is 1 when serving. ``auto`` takes propensities where they are logged.
    """

    teaching_share: Annotated[float, Knob("share of the events, the latest, that are questions", above=0, below=1)] = (
        0.2
    )
    horizon_days: Annotated[
        float | None, Knob("what is done within so many days answers; none: to the end of the visit", above=0)
    ] = None
    each: Annotated[
        str, Knob("what is a question: each step of a visit, or its beginning alone", choices=("step", "visit"))
    ] = "step"
    n_questions: Annotated[int, Knob("most questions, drawn at random", least=1)] = 8000
    n_negatives: Annotated[int, Knob("candidates per question beside the right ones, drawn at random", least=1)] = 100
    least_questions: Annotated[
        int, Knob("with fewer questions a weighted sum is learned, with a tenth nothing", least=1)
    ] = 300
    calibration_share: Annotated[
        float, Knob("share of the questions that chances are measured on", above=0, below=1)
    ] = 0.1
    calibrated_by: Annotated[
        str, Knob("chances as a smooth curve over the marks, or as steps of any shape", choices=tuple(WAYS))
    ] = "platt"
    position: Annotated[str, Knob("how the place of shown items is accounted for", choices=POSITIONS)] = "auto"
    rng: Annotated[int, Knob("seed of what is drawn", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)
