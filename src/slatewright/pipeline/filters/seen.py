"""Nobody is shown again what they already had, or were shown often enough, unless it is time."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Index, Mask, Times
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.membership import among
from slatewright.features.happenings import IMPRESSION
from slatewright.models.shapes.repeat_rates import RepeatRates
from slatewright.pipeline.contracts import Filter, Query
from slatewright.pipeline.sources.buy_it_again import DUE, repeats_model
from slatewright.pipeline.world import World

IGNORED = "ignored"  # the kind of what was shown and not answered


@dataclass(frozen=True)
class SeenFilter:
    """Drop what is in the history, for ever, for some days, or until a model finds that it is due again.

    With ``kinds=("impression",)`` drop what the user was shown, with ``("ignored",)`` what the user was shown and had
    nothing to do with since; of showings the newest 200 of the last 30 days are known.
    """

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
    kinds: Annotated[
        tuple[str, ...],
        Knob("only events of these kinds, as purchase; impression: it was shown; none named: whatever was done"),
    ] = ()
    times: Annotated[int, Knob("so many events it takes: what was seen less often may be shown", least=1)] = 1
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
        return _Bound(self.name, self.days, len(world.catalogue), again, self.due, self.kinds, self.times)


@dataclass(frozen=True)
class _Bound:
    name: str
    days: float | None
    n_items: int
    again: RepeatRates | None
    due: float
    kinds: tuple[str, ...]
    times: int

    @property
    def asks_shown(self) -> bool:
        """Whether it looks at what the user was shown lately."""
        return not {IMPRESSION, IGNORED}.isdisjoint(self.kinds)

    def keep(self, query: Query, items: Index) -> Mask:
        seen, times = self._seen(query)
        if self.days is not None:
            seen = seen[times > query.now - int(self.days * MICROSECONDS_PER_DAY)]
        if self.times > 1:
            seen, often = np.unique(seen, return_counts=True)
            seen = seen[often >= self.times]
        allowed = ~among(items, seen, self.n_items)
        if self.again is not None:
            found = self.again.repeats(query.history, query.now)
            allowed |= among(items, found.items[found.due >= self.due], self.n_items)
        return allowed

    def _seen(self, query: Query) -> tuple[Index, Times]:
        """What counts as seen, and when."""
        history, shown = query.history, query.shown
        if not self.kinds:
            return history.items, history.times
        told = history.of_kind(*self.kinds)
        parts = [(history.items[told], history.times[told])]
        if IMPRESSION in self.kinds:
            parts.append((shown.items, shown.times))
        elif IGNORED in self.kinds:
            ignored = shown.unanswered(history.items, history.times)
            parts.append((shown.items[ignored], shown.times[ignored]))
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
