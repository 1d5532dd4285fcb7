"""Nobody is shown again what they already had, unless it is time."""

from dataclasses import dataclass
from typing import Annotated

from slatewright.core.arrays import Index, Mask
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.membership import among
from slatewright.models.shapes.repeat_rates import RepeatRates
from slatewright.pipeline.contracts import Filter, Query
from slatewright.pipeline.sources.buy_it_again import DUE, repeats_model
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class SeenFilter:
    """Drop what is in the history, for ever, for some days, or until a model finds that it is due again."""

    days: Annotated[float | None, Knob("show an item again after so many days; none: never", above=0)] = None
    again: Annotated[
        str | None,
        Knob(
            "name of a BuyItAgain estimator: show what it finds due; none: nothing is due",
            names_estimators=True,
            learns=(RepeatRates,),
        ),
    ] = None
    due: Annotated[float, DUE] = 0.5
    kinds: Annotated[tuple[str, ...], Knob("only events of these kinds, as purchase; none named: of any kind")] = ()
    name: str = "seen"

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Filter:
        """Learn how many items there are, and look the model up.

        Raises:
            BadInput: it is no BuyItAgain.
        """
        asked_by = f"SeenFilter(again={self.again!r})"
        again = None if self.again is None else repeats_model(world, self.again, asked_by)
        return _Bound(self.name, self.days, len(world.catalogue), again, self.due, self.kinds)


@dataclass(frozen=True)
class _Bound:
    name: str
    days: float | None
    n_items: int
    again: RepeatRates | None
    due: float
    kinds: tuple[str, ...]

    def keep(self, query: Query, items: Index) -> Mask:
        seen, times = query.history.items, query.history.times
        if self.kinds:
            told = query.history.of_kind(*self.kinds)
            seen, times = seen[told], times[told]
        if self.days is not None:
            seen = seen[times > query.now - int(self.days * MICROSECONDS_PER_DAY)]
        allowed = ~among(items, seen, self.n_items)
        if self.again is not None:
            found = self.again.repeats(query.history, query.now)
            allowed |= among(items, found.items[found.due >= self.due], self.n_items)
        return allowed
