"""The rules that move items up or down: after the score has marked, whatever the score."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Mask, Scores
from slatewright.pipeline.contracts import Candidates, PartedScore, Query, Score
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.policy.binding import BoundRule, bind_rules
from slatewright.pipeline.policy.condition import quiet
from slatewright.pipeline.policy.rules import Boost, Bury, Rule
from slatewright.pipeline.policy.values import Moment
from slatewright.pipeline.world import World


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
        return BoundBoosts(self.name, facts, bind_rules(self.rules, (Boost, Bury), facts, world.user_facts))


@dataclass(frozen=True, eq=False)
class BoundBoosts:
    """The rules of a world. A boost adds so many standard deviations; then what is buried goes below all others."""

    name: str
    facts: ItemFacts
    rules: Sequence[BoundRule[Boost | Bury]]

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        marks = candidates.scores
        for _, added in self._added(query, candidates):
            marks = marks + added
        return marks

    def parts(self, query: Query, candidates: Candidates) -> Mapping[str, Scores]:
        """What each rule that moves something adds, by its title."""
        found: dict[str, Scores] = {}
        for title, added in self._added(query, candidates):
            if added.any():
                found[title] = found[title] + added if title in found else added
        return found

    def _added(self, query: Query, candidates: Candidates) -> Iterator[tuple[str, Scores]]:
        if len(candidates.items) == 0:
            return
        moment, marks = Moment(self.facts, query, candidates.items), candidates.scores
        step = np.float32(marks.std()) or np.float32(1.0)
        buried = np.zeros(len(marks), dtype=np.bool_)
        title = ""
        with quiet():
            for rule in self.rules:
                if not rule.open(moment):
                    continue
                mask = rule.where.read(moment)
                if isinstance(rule.rule, Bury):
                    buried |= mask
                    title = title or rule.rule.title
                else:
                    added = mask * (step * np.float32(rule.rule.by))
                    marks = marks + added
                    yield rule.rule.title, added
        if buried.any() and not buried.all():
            yield title, _below(marks, buried, step)


def _below(marks: Scores, buried: Mask, step: np.float32) -> Scores:
    """What brings the buried, in their order, below all others."""
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
        return self.boosts.mark(query, candidates.marked(self._own(query, candidates)))

    def parts(self, query: Query, candidates: Candidates) -> Mapping[str, Scores]:
        """The parts of the score, or its marks where it knows none, and what each rule adds."""
        own = self._own(query, candidates)
        parts = self.score.parts(query, candidates) if isinstance(self.score, PartedScore) else {self.score.name: own}
        return {**parts, **self.boosts.parts(query, candidates.marked(own))}

    def _own(self, query: Query, candidates: Candidates) -> Scores:
        return np.asarray(self.score.mark(query, candidates), dtype=np.float32)
