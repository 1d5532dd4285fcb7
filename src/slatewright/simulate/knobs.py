"""How large the simulated shop is and how dirty its export."""

from dataclasses import dataclass
from typing import Annotated

from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulated shop; equal knobs give equal events."""

    users: Annotated[int, Knob("people who visit", least=1)] = 2000
    items: Annotated[int, Knob("items in the catalogue", least=1)] = 600
    days: Annotated[int, Knob("days of events", least=1)] = 180
    visits_per_user: Annotated[float, Knob("visits of an average person over all days", above=0)] = 10.0
    tastes: Annotated[int, Knob("hidden tastes that people mix", least=1)] = 16
    companion_share: Annotated[float, Knob("share of views that follow from the view before", least=0, most=1)] = 0.25
    dirt: Annotated[float, Knob("share of rows that each kind of dirt touches", least=0, most=0.2)] = 0.0
    start: Annotated[str, Knob("first day, ISO-8601")] = "2024-01-01"
    rng: Rng = 0

    def __post_init__(self) -> None:
        check_knobs(self)
