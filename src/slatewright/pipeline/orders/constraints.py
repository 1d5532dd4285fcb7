"""What the shop promises of every slate: no more than two of a brand, three under 20, one sponsored and not first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import check_knobs
from slatewright.pipeline.contracts import Arranged, Candidates, Query
from slatewright.pipeline.orders.conflicts import BUDGET, Conflict, SpentError, Task, arranged, bounded
from slatewright.pipeline.orders.limits import Limit, LimitKnobs, stacked
from slatewright.pipeline.orders.worth import Depth, best_of
from slatewright.pipeline.world import World

PATIENT = 100 * BUDGET  # looks at candidates for whoever asks what cannot hold together
_NOT_HERE = " does not hold in this slate: "
_GIVEN_UP = (
    "what could hold together over these {n} candidates was not found in time, so the rules before it were kept to "
    "first"
)


@dataclass(frozen=True)
class Constraints:
    """Keep to rules, and to the order of before wherever they allow it: nothing stands lower than it must.

    The rules stand with the most important first. Where they cannot hold together, the last one of the smallest
    conflicting group is eased by as little as it takes, and the trace says so. The search for it is bounded: where that
    does not suffice, rules are kept to in their order as far as that is found quickly, and the trace says so.
    """

    rules: Sequence[LimitKnobs]
    depth: Depth = 500

    def __post_init__(self) -> None:
        check_knobs(self)
        if not isinstance(self.rules, tuple | list):
            raise BadKnob(f"Constraints.rules must be a tuple of rules, got {self.rules!r}")
        for rule in self.rules:
            if isinstance(rule, type) or not hasattr(rule, "bind"):
                raise BadKnob(f"Constraints.rules must hold AtMost, AtLeast and Exactly, got {rule!r}")

    def bind(self, world: World) -> "BoundConstraints":
        """Bind every rule.

        Raises:
            NotThere: a rule asks for a fact that items do not have.
            BadExpression: a condition is none.
        """
        return BoundConstraints("constraints", tuple(rule.bind(world) for rule in self.rules), self.depth)


@dataclass(frozen=True)
class BoundConstraints:
    """The order over a catalogue."""

    name: str
    limits: tuple[Limit, ...]
    depth: int

    def arrange(self, query: Query, candidates: Candidates) -> Arranged:
        """Positions (min(k, depth, n),), and what was eased."""
        pool = best_of(candidates, self.depth)
        places = min(query.k, len(pool.items))
        if not self.limits or places == 0:
            return Arranged(np.arange(places))
        n, task = len(pool.items), Task(stacked(self.limits, query, pool.items), places, BUDGET)
        positions, conflicts, broken = bounded(self.limits, task)
        eased = (f"{_in_words(one, self.limits, n)}; it was eased by {one.by}" for one in conflicts)
        given_up = (f"{self.limits[at].told}{_NOT_HERE}{_GIVEN_UP.format(n=n)}" for at in broken)
        return Arranged(positions, (*eased, *given_up))

    def gave_up(self, said: Sequence[str]) -> bool:
        """Whether among what ``arrange`` said of a slate is that the search did not suffice."""
        return any(one.startswith(f"{limit.told}{_NOT_HERE}") for one in said for limit in self.limits)

    def conflicts(self, query: Query, candidates: Candidates) -> tuple[str, ...]:
        """What cannot hold together, in words; the search takes a hundred times what an answer may, a second or so."""
        pool = best_of(candidates, self.depth)
        places = min(query.k, len(pool.items))
        if not self.limits or places == 0:
            return ()
        n, task = len(pool.items), Task(stacked(self.limits, query, pool.items), places, PATIENT)
        try:
            found = arranged(self.limits, task)[1]
        except SpentError:
            return (f"which rules cannot hold together over these {n} candidates was not found in a longer search",)
        return tuple(f"{_in_words(one, self.limits, n)}; eased by {one.by} it could" for one in found)


def _in_words(conflict: Conflict, limits: Sequence[Limit], n: int) -> str:
    *others, last = (limits[at].told for at in conflict.group)
    together = f" together with {' and '.join(others)}" if others else ""
    cannot = "cannot hold" if conflict.proved else "was not found to hold"
    return f"{last} {cannot} over these {n} candidates{together}"
