"""Features that are told: facts of items, and what a request says by itself."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.features.contracts import Moments, Numbers, Op
from slatewright.features.keys import number_of, price_of
from slatewright.features.plan import Plan
from slatewright.features.reading import ASKED, STATIC


@dataclass(frozen=True)
class Fact:
    """A fact of the item that is a number, or yes (1) and no (0); 0 where it is not known."""

    fact: Annotated[str, Knob("name of the fact")]

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return self.fact

    def planned(self, plan: Plan) -> Op:
        return Op(STATIC, plan.static(f"fact {self.fact}", number_of(plan.catalogue, self.fact)[0]))


@dataclass(frozen=True)
class Price:
    """The logarithm of the item's price, 0 where it is not known."""

    @property
    def name(self) -> str:
        return "log_price"

    def planned(self, plan: Plan) -> Op:
        return Op(STATIC, plan.static("log price", price_of(plan.catalogue)[0]))


@dataclass(frozen=True)
class Surface:
    """1 where the request comes from this surface, 0 elsewhere."""

    surface: Annotated[str, Knob("the page that asked")]

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return f"on_{self.surface}"

    def of(self, moments: Moments) -> Numbers:
        said = moments.surfaces or [""] * len(moments)
        return np.array([one == self.surface for one in said], dtype=np.float64)

    def planned(self, plan: Plan) -> Op:
        return Op(ASKED, plan.asking(self))


@dataclass(frozen=True)
class RequestFact:
    """1 where the request tells of its user that ``fact`` is ``value``, 0 elsewhere."""

    fact: Annotated[str, Knob("name of the fact, as requests tell it")]
    value: Annotated[str, Knob("what it must be")]

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return f"request_{self.fact}_{self.value}"

    def of(self, moments: Moments) -> Numbers:
        said = moments.facts or [{}] * len(moments)
        return np.array([one.get(self.fact) == self.value for one in said], dtype=np.float64)

    def planned(self, plan: Plan) -> Op:
        return Op(ASKED, plan.asking(self))


@dataclass(frozen=True)
class UserFact:
    """A known fact of the user that is a number, or yes (1) and no (0); 0 where it is not known."""

    fact: Annotated[str, Knob("name of the fact")]

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return f"user_{self.fact}"

    def of(self, moments: Moments) -> Numbers:
        facts = moments.histories.facts
        if facts is None or self.fact not in facts.columns:
            return np.zeros(len(moments))
        column = facts[self.fact]
        if not (column.dtype.is_numeric() or column.dtype == pl.Boolean):
            raise BadInput(f"UserFact({self.fact!r}) must name a fact that is a number, got {column.dtype}")
        values = column.gather(moments.owners()).cast(pl.Float64).fill_null(0.0).to_numpy()
        return np.where(np.isfinite(values), values, 0.0)

    def planned(self, plan: Plan) -> Op:
        return Op(ASKED, plan.asking(self))


@dataclass(frozen=True)
class HourOfDay:
    """The hour of the request, 0 to 24, in UTC."""

    @property
    def name(self) -> str:
        return "hour_of_day"

    def of(self, moments: Moments) -> Numbers:
        return moments.times % MICROSECONDS_PER_DAY / (MICROSECONDS_PER_DAY / 24)

    def planned(self, plan: Plan) -> Op:
        return Op(ASKED, plan.asking(self))


@dataclass(frozen=True)
class DayOfWeek:
    """The day of the request in UTC, 0 Monday to 6 Sunday."""

    @property
    def name(self) -> str:
        return "day_of_week"

    def of(self, moments: Moments) -> Numbers:
        return ((moments.times // MICROSECONDS_PER_DAY + 3) % 7).astype(np.float64)

    def planned(self, plan: Plan) -> Op:
        return Op(ASKED, plan.asking(self))
