"""Features of the user who asks against an item, read from the history: no state is kept for them."""

from dataclasses import dataclass
from typing import Annotated

from slatewright.core.knobs import Knob, check_knobs
from slatewright.features.contracts import Op
from slatewright.features.counts import By, HalfLife, Kind, titled
from slatewright.features.happenings import IMPRESSION
from slatewright.features.keys import price_of
from slatewright.features.layout import NEWEST, UNANSWERED
from slatewright.features.plan import ITEM, Basket, Plan
from slatewright.features.reading import HABIT, OWN, SHARE, TOGETHER, VISIT


@dataclass(frozen=True)
class HistoryCount:
    """How often the user had to do with this item, or with others of its category, brand, ..."""

    kind: Kind = None
    half_life_days: HalfLife = None
    by: By = ITEM

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return "own_" + titled(self.kind, "count", self.half_life_days, self.by)

    def planned(self, plan: Plan) -> Op:
        return Op(VISIT, plan.visit(self.kind, by=self.by, half_life_days=self.half_life_days))


@dataclass(frozen=True)
class HistoryShare:
    """The share of the user's events that were of this item's category, brand, ..."""

    kind: Kind = None
    half_life_days: HalfLife = None
    by: By = "category"

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return "own_" + titled(self.kind, "share", self.half_life_days, self.by)

    def planned(self, plan: Plan) -> Op:
        return Op(SHARE, plan.visit(self.kind, by=self.by, half_life_days=self.half_life_days))


@dataclass(frozen=True)
class HistoryRecency:
    """How recent the user's last event with this item, category, ... is: 1 now, ½ after ``half_life_days``, 0 never."""

    kind: Kind = None
    half_life_days: Annotated[float, Knob("days after which it is ½", above=0)] = 7.0
    by: By = ITEM

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return "own_" + titled(self.kind, "recency", self.half_life_days, self.by)

    def planned(self, plan: Plan) -> Op:
        return Op(VISIT, plan.visit(self.kind, by=self.by, half_life_days=self.half_life_days, how=NEWEST))


@dataclass(frozen=True)
class Ignored:
    """How often the user was shown this item (or others of its category, ...) and had nothing to do with it since.

    A click, or whatever the history has of the item, answers all showings before it.
    """

    half_life_days: Annotated[
        float | None, Knob("what was shown this many days ago counts half; none: all counts alike", above=0)
    ] = 7.0
    by: By = ITEM

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return titled(None, "ignored", self.half_life_days, self.by)

    def planned(self, plan: Plan) -> Op:
        return Op(VISIT, plan.visit(IMPRESSION, by=self.by, half_life_days=self.half_life_days, how=UNANSWERED))


@dataclass(frozen=True)
class SessionCount:
    """How many events of the present session were of this item, category, ...; a pause of ``minutes`` ends it."""

    kind: Kind = None
    minutes: Annotated[float, Knob("a longer pause begins another session", above=0)] = 30.0
    by: By = "category"

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return "session_" + titled(self.kind, f"count_{self.minutes:g}min", None, self.by)

    def planned(self, plan: Plan) -> Op:
        return Op(VISIT, plan.visit(self.kind, by=self.by, gap_minutes=self.minutes))


@dataclass(frozen=True)
class Activity:
    """How many events the user has had in all, or in the present session; the same for every item."""

    kind: Kind = None
    half_life_days: HalfLife = None
    session_minutes: Annotated[float | None, Knob("only the present session: a longer pause ends it", above=0)] = None

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        session = "" if self.session_minutes is None else f"_session_{self.session_minutes:g}min"
        return titled(self.kind, "activity", self.half_life_days, ITEM) + session

    def planned(self, plan: Plan) -> Op:
        at = plan.visit(self.kind, by=ITEM, half_life_days=self.half_life_days, gap_minutes=self.session_minutes)
        return Op(OWN, at)


@dataclass(frozen=True)
class PriceAgainstHabit:
    """The price against what the user usually takes, as a logarithm: .7 is twice it, 0 the usual or not known."""

    kind: Kind = None
    half_life_days: HalfLife = None

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return titled(self.kind, "price_against_habit", self.half_life_days, ITEM)

    def planned(self, plan: Plan) -> Op:
        price, known = price_of(plan.catalogue)
        at, there = plan.static("log price", price), plan.static("price known", known)
        sums, counts = (plan.visit(self.kind, by=ITEM, half_life_days=self.half_life_days, of=of) for of in (at, there))
        return Op(HABIT, at, sums, counts, x=there)


@dataclass(frozen=True)
class Together:
    """How strongly an item goes with the last items of the history: the sum of their cosines over baskets.

    Baskets are learned with the rest of a bundle, from events of one user with pauses of at most ``basket_minutes``.
    """

    last: Annotated[int, Knob("newest distinct items of the history that count", least=1)] = 5
    kind: Kind = None
    basket_minutes: Annotated[float, Knob("a longer pause begins another basket", above=0)] = 720.0
    n_neighbors: Annotated[int, Knob("items kept that go with each item", least=1)] = 50

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        return titled(self.kind, f"together_last_{self.last}", None, ITEM)

    def planned(self, plan: Plan) -> Op:
        plan.together(Basket(self.kind, self.basket_minutes, self.n_neighbors), self.last)
        return Op(TOGETHER)
