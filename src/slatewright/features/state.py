"""States: counters that go on counting after a bundle was made, while requests read them.

A state takes events in the order of a journal, with the numbers of the rows they came in. It keeps the number of the
last row that it counted and takes only what follows it, so that each event counts once, whoever brings it and how
often. ``slatewright.testing.states.StateKit`` holds every state to the same numbers.
"""

import threading
from typing import NamedTuple, Protocol

from slatewright.core.arrays import Index
from slatewright.features.counters import Counters
from slatewright.features.layout import Acts, Layout, Numbers, Pairs
from slatewright.features.sets import Counts


class Arrival(NamedTuple):
    """Events of the rows after number ``after`` up to ``upto`` of a journal."""

    journal: str
    after: int
    upto: int
    acts: Acts


class State(Counts, Protocol):
    """Counts of a bundle and of what happened since."""

    def position(self, journal: str) -> int | None:
        """The number of the last row of a journal that counts here; None before ``begin``."""

    def begin(self, arrival: Arrival) -> None:
        """Count from the bundle anew: these events are all that happened since, whatever was counted before."""

    def apply(self, arrival: Arrival) -> bool:
        """Count what follows on the last row; anything else is refused (False) and changes nothing."""


def since(acts: Acts, as_of: int) -> Acts:
    """The events from an instant on: those before it are the bundle's, or wait for the next one."""
    late = acts.times >= as_of
    return Acts(acts.items[late], acts.kinds[late], acts.times[late], acts.values[late])


class MemoryState:
    """The state of one process: the bundle's counters with the events since counted into a copy of them.

    Any thread may read while one applies; a reader may see a batch half counted, never a wrong number.
    """

    def __init__(self, layout: Layout, counters: Counters) -> None:
        self._layout, self._bundle, self._now = layout, counters, counters
        self._positions: dict[str, int] = {}
        self._writing = threading.Lock()

    @property
    def pairs(self) -> Pairs:
        """The items that go together, as the bundle learned."""
        return self._bundle.pairs

    def gather(self, layout: Layout, items: Index, now: int) -> Numbers:
        """The cells of some items as of ``now``, and their totals: float64 (n + 1, n_columns)."""
        return self._now.gather(layout, items, now)

    def position(self, journal: str) -> int | None:
        """The number of the last row of a journal that counts here; None before ``begin``."""
        return self._positions.get(journal)

    def begin(self, arrival: Arrival) -> None:
        """Count from the bundle anew: these events are all that happened since, whatever was counted before."""
        counted = self._bundle.copied()
        counted.count(self._layout, since(arrival.acts, self._bundle.as_of))
        self.go_on(counted, {arrival.journal: arrival.upto})

    def apply(self, arrival: Arrival) -> bool:
        """Count what follows on the last row; anything else is refused (False) and changes nothing."""
        acts = since(arrival.acts, self._bundle.as_of)
        with self._writing:
            if self._positions.get(arrival.journal) != arrival.after:
                return False
            if len(acts.times):
                counted = self._now.moved(self._layout, int(acts.times.max()))
                counted.count(self._layout, acts)
                self._now = counted
            self._positions[arrival.journal] = arrival.upto
        return True

    def copied(self) -> tuple[Counters, dict[str, int]]:
        """What is counted at this instant and how far: what a snapshot keeps."""
        with self._writing:
            return self._now.copied(), dict(self._positions)

    def go_on(self, counters: Counters, positions: dict[str, int]) -> None:
        """Go on from what was counted before; ``counters`` become this state's own."""
        with self._writing:
            self._now, self._positions = counters, positions


class LiveCounts:
    """The counts that a bundle's stages read: its own counters, until a state stands in for them."""

    def __init__(self, counters: Counters) -> None:
        self.counters = counters
        self._source: Counts = counters

    @property
    def pairs(self) -> Pairs:
        """The items that go together."""
        return self._source.pairs

    def gather(self, layout: Layout, items: Index, now: int) -> Numbers:
        """The cells of some items as of ``now``, and their totals: float64 (n + 1, n_columns)."""
        return self._source.gather(layout, items, now)

    def follow(self, state: State) -> None:
        """Read from a state from now on."""
        self._source = state
