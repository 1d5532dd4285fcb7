"""The switches of cleaning, and what cleaning hands back."""

from dataclasses import dataclass
from typing import Annotated, Literal

from slatewright.core.arrays import Frame
from slatewright.core.clock import instant
from slatewright.core.knobs import Knob, check_knobs

Outcome = Literal["merged", "quarantined", "changed"]


@dataclass(frozen=True, slots=True)
class Cleaning:
    """Which cleaning steps run, and their limits; the section ``[cleaning]`` of ``slatewright.toml``."""

    exact_duplicates: Annotated[bool, Knob("merge rows that say exactly the same")] = True
    near_seconds: Annotated[
        float, Knob("merge repeats of one act within this many seconds; 0 switches it off", least=0, most=86_400)
    ] = 2.0
    merge_labels: Annotated[bool, Knob("merge item ids that differ only in case or spaces")] = True
    returns: Annotated[bool, Knob("read negative quantities and cancelled invoices as returns")] = True
    cancelled_prefix: Annotated[str, Knob("what the number of a cancelled invoice starts with")] = "C"
    impossible_times: Annotated[bool, Knob("set aside events from before `earliest` or from the future")] = True
    earliest: Annotated[str, Knob("no event of this shop can be older than this date")] = "1990-01-01"
    robots: Annotated[bool, Knob("set aside users that act faster than a person can")] = True
    robot_events_per_minute: Annotated[int, Knob("more acts than this in 60 seconds is a robot", least=1)] = 120
    robot_events_per_day: Annotated[int, Knob("more acts than this in 24 hours is a robot", least=1)] = 5_000
    not_products: Annotated[tuple[str, ...], Knob("item ids that are no products, such as postage")] = ()

    def __post_init__(self) -> None:
        check_knobs(self)
        instant(self.earliest)


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many rows one step touched, and what became of them."""

    step: str
    outcome: Outcome
    rows: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Every row of the input in exactly one place: input rows = kept + merged + quarantined.

    ``kept`` has the columns of the input; ``quarantined`` has them too, as they were given, and ``reason``. ``labels``
    lists the merged spellings: ``label``, ``merged_into``, ``rows``.
    """

    kept: Frame
    quarantined: Frame
    merged: int
    steps: tuple[StepCount, ...]
    labels: Frame
