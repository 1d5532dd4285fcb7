"""The rules that pin: a source that brings what is pinned into the pool, and an order that puts it into its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

import numpy as np

from slatewright.core.arrays import Offsets, Scores
from slatewright.pipeline.contracts import Candidates, Order, Proposal, Query, Source
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.policy.binding import BoundRule, bind_rules
from slatewright.pipeline.policy.condition import quiet
from slatewright.pipeline.policy.rules import Pin, Rule
from slatewright.pipeline.policy.values import Moment
from slatewright.pipeline.world import World

MOST = 20  # items that one rule brings into the pool: the most popular of those it names
SURE = 3  # of those that pass the filters, so many for each rule are scored in any case
HALF_LIFE_DAYS = 30.0


@dataclass(frozen=True)
class PinnedSource:
    """What the rules that pin name, so that it can be shown whoever proposes it: the most popular of each in turn."""

    rules: tuple[Rule, ...] = ()
    name: str = "pinned"

    def bind(self, world: World) -> Source:
        """Compile the rules.

        Raises:
            BadRule: a rule cannot be used.
        """
        pins = bind_rules(self.rules, (Pin,), world.item_facts, world.user_facts)
        return _BoundSource(self.name, world.item_facts, pins, world.popularity(HALF_LIFE_DAYS))


@dataclass(frozen=True, eq=False)
class _BoundSource:
    in_memory: ClassVar[bool] = True
    name: str
    facts: ItemFacts
    pins: Sequence[BoundRule[Pin]]
    popularity: Scores

    @property
    def least(self) -> int:
        """The best of what each rule names are candidates, however few of them are scored."""
        return SURE * len(self.pins)

    def propose(self, query: Query) -> Proposal:
        moment = Moment(self.facts, query, None)
        with quiet():
            found = [self._best(np.flatnonzero(pin.where.read(moment))) for pin in self.pins if pin.open(moment)]
        by_turns = (int(item) for turn in zip_longest(*found) for item in turn if item is not None)
        items = np.fromiter(dict.fromkeys(by_turns), dtype=np.int32)
        return Proposal(items, (1 / np.arange(1, len(items) + 1)).astype(np.float32))

    def _best(self, items: Offsets) -> Offsets:
        worth = -self.popularity[items]
        if len(items) > MOST:
            near = np.flatnonzero(worth <= np.partition(worth, MOST - 1)[MOST - 1])
            items, worth = items[near], worth[near]
        return items[np.argsort(worth, kind="stable")][:MOST]


@dataclass(frozen=True)
class PinOrder:
    """Put the best item that each rule names at its position; a position that is taken passes on to the next."""

    rules: tuple[Rule, ...] = ()
    name: str = "pins"

    def bind(self, world: World) -> Order:
        """Compile the rules.

        Raises:
            BadRule: a rule cannot be used.
        """
        pins = bind_rules(self.rules, (Pin,), world.item_facts, world.user_facts)
        return _BoundOrder(self.name, world.item_facts, sorted(pins, key=lambda pin: pin.rule.position))


@dataclass(frozen=True, eq=False)
class _BoundOrder:
    name: str
    facts: ItemFacts
    pins: Sequence[BoundRule[Pin]]

    def arrange(self, query: Query, candidates: Candidates) -> Offsets:
        moment = Moment(self.facts, query, candidates.items)
        places: dict[int, int] = {}
        with quiet():
            for pin in self.pins:
                if pin.open(moment):
                    named = np.flatnonzero(pin.where.read(moment))
                    found = next((at for at in named.tolist() if at not in places.values()), None)
                    if found is not None:
                        places[_free(places, pin.rule.position - 1)] = found
        return _placed(places, len(candidates.items))


def _free(places: dict[int, int], wanted: int) -> int:
    while wanted in places:
        wanted += 1
    return wanted


def _placed(places: dict[int, int], n: int) -> Offsets:
    """All n positions in their order, but for those that have a place of their own."""
    rest = np.ones(n, dtype=np.bool_)
    rest[list(places.values())] = False
    arranged: list[int] = np.flatnonzero(rest).tolist()
    for place in sorted(places):
        arranged.insert(place, places[place])
    return np.array(arranged, dtype=np.int64)
