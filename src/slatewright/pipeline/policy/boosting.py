"""The rules that move items up or down: after the score has marked, whatever the score."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np

from slatewright.core.arrays import Mask, Scores
from slatewright.pipeline.contracts import Candidates, PartedScore, Query, Score
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.policy.binding import BoundRule, bind_rules
from slatewright.pipeline.policy.bits import Bits
from slatewright.pipeline.policy.condition import quiet
from slatewright.pipeline.policy.program import Program
from slatewright.pipeline.policy.rules import Boost, Bury, Rule
from slatewright.pipeline.policy.values import Moment
from slatewright.pipeline.world import World

SOURCES = "sources"  # the part of the sources' marks, where no score tells the candidates apart


@dataclass(frozen=True)
class BoostScore:
    """The marks that candidates have already, moved by the rules that boost and bury."""

    rules: tuple[Rule, ...] = ()
    name: str = "rules"

    def bind(self, world: World) -> "BoundBoosts":
        """Compile the rules.

        Raises:
            BadRule: a rule cannot be used.
        """
        facts = world.item_facts
        return BoundBoosts(self.name, facts, bind_rules(self.rules, (Boost, Bury), facts, world.user_facts)).opened()


@dataclass(frozen=True, eq=False)
class BoundBoosts:
    """The rules of a world. A boost adds so many standard deviations; then what is buried goes below all others."""

    name: str
    facts: ItemFacts
    rules: Sequence[BoundRule[Boost | Bury]]

    def opened(self) -> "BoundBoosts":
        """The same, with all worked out now that is worked out once."""
        _ = self._bits, self._by, self._boost_program, self._bury_program
        return self

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        if len(candidates.items) == 0:
            return candidates.scores
        moment, step = Moment(self.facts, query, candidates.items), _step(candidates.scores)
        with quiet():
            marks = candidates.scores + step * self._boosted(moment)
            buried = self._buried(moment)
        return marks + _below(marks, buried, step)

    def parts(self, query: Query, candidates: Candidates) -> Mapping[str, Scores]:
        """The marks that were moved, and what rules add."""
        return {SOURCES: candidates.scores, **self.added(query, candidates)}

    def added(self, query: Query, candidates: Candidates) -> Mapping[str, Scores]:
        """What each rule that moves something adds, by its title; of those that bury, all is told of the first."""
        found: dict[str, Scores] = {}
        for title, more in self._one_by_one(query, candidates):
            if more.any():
                found[title] = found[title] + more if title in found else more
        return found

    @cached_property
    def _boosts(self) -> tuple[BoundRule[Boost], ...]:
        """Those that boost and, once they hold, ask the item alone."""
        return tuple(rule for rule in self._boosting if rule.where.rest is None)

    @cached_property
    def _boosting(self) -> tuple[BoundRule[Boost], ...]:
        return tuple(cast(BoundRule[Boost], rule) for rule in self.rules if isinstance(rule.rule, Boost))

    @cached_property
    def _buries(self) -> tuple[BoundRule[Boost | Bury], ...]:
        return tuple(rule for rule in self.rules if isinstance(rule.rule, Bury))

    @cached_property
    def _bits(self) -> Bits:
        return Bits(self.facts, [rule.where.still for rule in self._boosts])

    @cached_property
    def _mixed(self) -> tuple[BoundRule[Boost], ...]:
        """Those that boost and compare items with the request."""
        return tuple(rule for rule in self._boosting if rule.where.rest is not None)

    @cached_property
    def _boost_program(self) -> Program:
        return Program(self.facts, [rule.where.of_items for rule in self._mixed])

    @cached_property
    def _bury_program(self) -> Program:
        return Program(self.facts, [rule.where.of_items for rule in self._buries])

    @cached_property
    def _by(self) -> Scores:
        return np.array([rule.rule.by for rule in self._boosts], dtype=np.float32)

    def _boosted(self, moment: Moment) -> Scores:
        """The standard deviations that boosts add to each candidate, float32 (n,)."""
        items = np.asarray(moment.items)
        total = self._bits.sums([rule.always or rule.open(moment) for rule in self._boosts], self._by, items)
        by = np.array([rule.rule.by for rule in self._mixed], dtype=np.float32)
        self._boost_program.add([rule.open(moment) for rule in self._mixed], by, moment, total)
        return total

    def _buried(self, moment: Moment) -> Mask:
        """Which candidates a rule buries, bool (n,)."""
        how_often = np.zeros(len(np.asarray(moment.items)), dtype=np.float32)
        ones = np.ones(len(self._buries), dtype=np.float32)
        self._bury_program.add([rule.open(moment) for rule in self._buries], ones, moment, how_often)
        buried: Mask = how_often > 0
        return buried

    def _one_by_one(self, query: Query, candidates: Candidates) -> Iterator[tuple[str, Scores]]:
        """What each rule adds, one by one."""
        if len(candidates.items) == 0:
            return
        moment, step = Moment(self.facts, query, candidates.items), _step(candidates.scores)
        with quiet():
            for rule in self._boosting:
                if rule.open(moment):
                    yield rule.rule.title, rule.where.read(moment) * (step * np.float32(rule.rule.by))
            marks = candidates.scores + step * self._boosted(moment)
            masks = [(rule.rule.title, rule.where.read(moment)) for rule in self._buries if rule.open(moment)]
        masks = [(title, mask) for title, mask in masks if mask.any()]
        if masks:
            yield masks[0][0], _below(marks, np.logical_or.reduce([mask for _, mask in masks]), step)


def _step(marks: Scores) -> np.float32:
    """One standard deviation, 1 where all marks are equal."""
    return np.float32(marks.std()) or np.float32(1.0)


def _below(marks: Scores, buried: Mask, step: np.float32) -> Scores:
    """What brings the buried, in their order, below all others; nothing where there are no others."""
    if not buried.any() or buried.all():
        return np.zeros(len(marks), dtype=np.float32)
    fall = marks[buried].max() - marks[~buried].min() + step
    return np.where(buried, -np.maximum(fall, step), np.float32(0)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Boosted:
    """A score, and the rules after it. It goes by the name of the score."""

    score: Score
    boosts: BoundBoosts

    @property
    def name(self) -> str:
        return self.score.name

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        own = candidates.told_apart(self._said(query, candidates))
        return self.boosts.mark(query, candidates.marked(own))

    def parts(self, query: Query, candidates: Candidates) -> Mapping[str, Scores]:
        """The parts of the score, or its marks where it knows none, and what each rule adds."""
        if isinstance(self.score, PartedScore):  # whose parts sum to its marks
            parts = self.score.parts(query, candidates)
            said = sum(parts.values(), np.zeros(len(candidates.items), dtype=np.float32))
        else:
            said = self._said(query, candidates)
            parts = {self.score.name: said}
        own = candidates.told_apart(said)
        return {**(parts if own is said else {SOURCES: own}), **self.boosts.added(query, candidates.marked(own))}

    @property
    def if_broken(self) -> Score:
        """What marks where the score is broken: the rules hold all the same."""
        return self.boosts

    def _said(self, query: Query, candidates: Candidates) -> Scores:
        return np.asarray(self.score.mark(query, candidates), dtype=np.float32)
