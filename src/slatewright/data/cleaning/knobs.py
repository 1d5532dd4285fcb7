"""The switches of cleaning, and what cleaning hands back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
        float, Knob("merge rows that say the same within this many seconds; 0 switches it off", least=0, most=86_400)
    ] = 2.0
    merge_labels: Annotated[bool, Knob("merge item ids that differ only in case or spaces")] = True
    returns: Annotated[bool, Knob("read negative quantities and cancelled invoices as returns")] = True
    cancelled_prefix: Annotated[str, Knob("what the number of a cancelled invoice starts with; empty for none")] = "C"
    impossible_times: Annotated[bool, Knob("set aside events from before `earliest` or from the future")] = True
    earliest: Annotated[str, Knob("no event of this shop can be older than this date")] = "1990-01-01"
    robots: Annotated[bool, Knob("set aside users that act faster than a person can")] = True
    robot_events_per_minute: Annotated[int, Knob("more events than this in one minute is a robot", least=1)] = 120
    robot_events_per_day: Annotated[int, Knob("more events than this in one day is a robot", least=1)] = 5_000
    robot_kinds: Annotated[
        tuple[str, ...], Knob("kinds of which a robot is judged by every event; others count once a second")
    ] = ("view", "click")
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

    ``kept`` has the columns of the input, rows in the order given; ``quarantined`` has them too, with the values as
    they were given, and ``reason``. ``labels`` lists the merged spellings: ``label``, ``merged_into``, ``rows``.
    """

    kept: Frame
    quarantined: Frame
    merged: int
    steps: tuple[StepCount, ...]
    labels: Frame


def sum_steps(parts: Iterable[tuple[StepCount, ...]]) -> tuple[StepCount, ...]:
    """The counts of several partitions as one list, in the order of the steps."""
    totals: dict[tuple[str, str], StepCount] = {}
    for steps in parts:
        for count in steps:
            key = (count.step, count.outcome)
            known = totals.get(key)
            totals[key] = count if known is None else replace(known, rows=known.rows + count.rows)
    return tuple(totals.values())
