"""The rules that drop: those that ask the item alone once they hold are asked all at once, and so are the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from slatewright.core.arrays import Index, Mask
from slatewright.pipeline.contracts import Filter, Query
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.policy.binding import BoundRule, bind_rules
from slatewright.pipeline.policy.bits import Bits
from slatewright.pipeline.policy.condition import all_of, quiet
from slatewright.pipeline.policy.program import Program
from slatewright.pipeline.policy.rules import Exclude, Include, Rule
from slatewright.pipeline.policy.values import Moment, Value, opposite
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class RuleFilter:
    """Drop what a rule excludes, and what a rule that includes does not name."""

    rules: tuple[Rule, ...] = ()
    name: str = "rules"

    def bind(self, world: World) -> Filter:
        """Compile the rules, and work out for the whole catalogue what asks about items alone.

        Raises:
            BadRule: a rule cannot be used.
        """
        facts = world.item_facts
        rules: list[BoundRule[Include | Exclude]] = bind_rules(self.rules, (Include, Exclude), facts, world.user_facts)
        return BoundRuleFilter(self.name, facts, rules).opened()


@dataclass(frozen=True, eq=False)
class BoundRuleFilter:
    """The filter of a world.

    ``stills`` are the rules that ask the item alone once they hold, ``mixed`` all others.
    """

    name: str
    facts: ItemFacts
    rules: Sequence[BoundRule[Include | Exclude]]

    @cached_property
    def stills(self) -> tuple[BoundRule[Include | Exclude], ...]:
        """Those that ask the item alone; an including rule drops every item where it asks the request in vain."""
        alone = [rule for rule in self.rules if rule.where.rest is None]
        return tuple(rule for rule in alone if rule.where.gate is None or isinstance(rule.rule, Exclude))

    @cached_property
    def mixed(self) -> tuple[BoundRule[Include | Exclude], ...]:
        """All others."""
        known = {id(rule) for rule in self.stills}
        return tuple(rule for rule in self.rules if id(rule) not in known)

    @cached_property
    def _still_bits(self) -> Bits:
        negated = [isinstance(rule.rule, Include) for rule in self.stills]
        return Bits(self.facts, [rule.where.still for rule in self.stills], negated)

    @cached_property
    def _program(self) -> Program:
        """The mixed rules, each true of the items that it drops."""
        return Program(self.facts, [_dropped(rule) for rule in self.mixed])

    def opened(self) -> "BoundRuleFilter":
        """The same, with all worked out now that is worked out once."""
        _ = self._still_bits, self._program
        return self

    def keep(self, query: Query, items: Index) -> Mask:
        moment = Moment(self.facts, query, items)
        with quiet():
            kept = self._still_bits.none_of(self._holding(moment), items)
            if self.mixed:
                dropped = np.zeros(len(items), dtype=np.float32)
                active = [_may_drop(rule, moment) for rule in self.mixed]
                self._program.add(active, np.ones(len(active), dtype=np.float32), moment, dropped)
                kept &= dropped == 0
        return kept

    def only(self, query: Query) -> Index | None:
        """All items that may pass, where a rule includes; None where nothing is known to be few."""
        moment = Moment(self.facts, query, None)
        with quiet():
            holding = self._holding(moment)
            if not any(on and isinstance(rule.rule, Include) for rule, on in zip(self.stills, holding, strict=True)):
                return None
            return np.flatnonzero(self._still_bits.none_of(holding, None)).astype(np.int32)

    def dropping(self, query: Query, item: int) -> tuple[str, ...]:
        """The titles of the rules that drop one item."""
        moment = Moment(self.facts, query, np.array([item], dtype=np.int32))
        with quiet():
            return tuple(rule.rule.title for rule in self.rules if rule.holds(moment) and _drops(rule, moment)[0])

    def _holding(self, moment: Moment) -> list[bool]:
        return [rule.always or rule.open(moment) for rule in self.stills]


def _may_drop(rule: BoundRule[Include | Exclude], moment: Moment) -> bool:
    return rule.open(moment) if isinstance(rule.rule, Exclude) else rule.holds(moment)


def _dropped(rule: BoundRule[Include | Exclude]) -> tuple[Value, ...]:
    """The parts of what a rule drops; all of them must be true. An including rule drops all that it does not name."""
    where = rule.where
    if isinstance(rule.rule, Exclude):
        return where.of_items
    return (opposite(all_of([*where.of_items] if where.gate is None else [where.gate, *where.of_items])),)


def _drops(rule: BoundRule[Include | Exclude], moment: Moment) -> Mask:
    mask = rule.where.read(moment)
    return mask if isinstance(rule.rule, Exclude) else ~mask
