"""Features of items, counted over the whole shop: how often, which share, how long ago, whether it is rising."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob, check_knobs
from slatewright.features.contracts import Op
from slatewright.features.layout import FIRST, LAST, SUM, SUM_OF_VALUES
from slatewright.features.plan import ITEM, Plan, microseconds
from slatewright.features.reading import AGE, COUNT, RATE, SINCE, TREND

_DAYS_PER_HALF_LIFE = float(np.log(2))  # events per day, where a steady stream of them sums to rate * half life / this

By = Annotated[str, Knob("what is counted by: item, category, or the name of a fact")]
Kind = Annotated[str | None, Knob("kind of event; impression: the item was shown; none: all interactions")]
HalfLife = Annotated[float | None, Knob("an event this many days old counts half; none: all count alike", above=0)]
PriorWeight = Annotated[float, Knob("events of the usual rate that every item starts with", least=0)]


@dataclass(frozen=True)
class Count:
    """How many events an item (or its category, its brand, ...) has had, each counting less as it grows old."""

    kind: Kind = None
    half_life_days: HalfLife = None
    by: By = ITEM

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return titled(self.kind, "count", self.half_life_days, self.by)

    def planned(self, plan: Plan) -> Op:
        return Op(COUNT, plan.cell(self.kind, by=self.by, half_life_days=self.half_life_days))


@dataclass(frozen=True)
class Rate:
    """The share of events that led to others, as clicks per impression: (of + w · usual) / (per + w).

    Usual is the rate of the whole shop at that moment, ``w`` the ``prior_weight``: an item with few events is near it.
    """

    of: Annotated[str, Knob("kind of event in the numerator")]
    per: Annotated[str, Knob("kind of event in the denominator; impression: the item was shown")]
    half_life_days: HalfLife = None
    prior_weight: PriorWeight = 10.0
    by: By = ITEM

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return titled(self.of, f"per_{self.per}", self.half_life_days, self.by)

    def planned(self, plan: Plan) -> Op:
        of, per = (plan.cell(kind, by=self.by, half_life_days=self.half_life_days) for kind in (self.of, self.per))
        return Op(RATE, of, per, x=self.prior_weight)


@dataclass(frozen=True)
class Mean:
    """The mean value of events, as the mean rating, drawn to that of the shop where an item has few."""

    kind: Kind = "rating"
    half_life_days: HalfLife = None
    prior_weight: PriorWeight = 5.0
    by: By = ITEM

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return titled(self.kind, "mean", self.half_life_days, self.by)

    def planned(self, plan: Plan) -> Op:
        of, per = (
            plan.cell(self.kind, by=self.by, half_life_days=self.half_life_days, mode=mode)
            for mode in (SUM_OF_VALUES, SUM)
        )
        return Op(RATE, of, per, x=self.prior_weight)


@dataclass(frozen=True)
class Recency:
    """How recent the last event is: 1 now, ½ after ``half_life_days``, 0 if there was none."""

    kind: Kind = None
    half_life_days: Annotated[float, Knob("days after which it is ½", above=0)] = 7.0
    by: By = ITEM

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return titled(self.kind, "recency", self.half_life_days, self.by)

    def planned(self, plan: Plan) -> Op:
        return Op(SINCE, plan.cell(self.kind, by=self.by, mode=LAST), x=microseconds(self.half_life_days))


@dataclass(frozen=True)
class Newness:
    """How new an item is, by its first event: 1 before it and at it, ½ after ``half_life_days``."""

    half_life_days: Annotated[float, Knob("days after which it is ½", above=0)] = 30.0
    by: By = ITEM

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return titled(None, "newness", self.half_life_days, self.by)

    def planned(self, plan: Plan) -> Op:
        return Op(AGE, plan.cell(None, by=self.by, mode=FIRST), x=microseconds(self.half_life_days))


@dataclass(frozen=True)
class Trend:
    """How often of late against how often before, log2: 1 is twice as often, 0 as ever.

    Both are events per day over a short and a long half-life; ``prior_weight`` events per day are added to both.
    """

    kind: Kind = None
    short_days: Annotated[float, Knob("half-life of the recent rate, in days", above=0)] = 2.0
    long_days: Annotated[float, Knob("half-life of the usual rate, in days", above=0)] = 30.0
    prior_weight: Annotated[float, Knob("events per day that are added to both rates", above=0)] = 0.2
    by: By = ITEM

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return titled(self.kind, f"trend_{self.short_days:g}", self.long_days, self.by)

    def planned(self, plan: Plan) -> Op:
        short, long = (
            plan.cell(self.kind, by=self.by, half_life_days=days) for days in (self.short_days, self.long_days)
        )
        x, y = (_DAYS_PER_HALF_LIFE / days for days in (self.short_days, self.long_days))
        return Op(TREND, short, long, x=x, y=y, z=self.prior_weight)


def titled(kind: str | None, what: str, days: float | None, by: str) -> str:
    """The name of a column: ``purchase_count_7d_by_brand``."""
    parts = [kind, what, None if days is None else f"{days:g}d", None if by == ITEM else f"by_{by}"]
    return "_".join(part for part in parts if part is not None)
