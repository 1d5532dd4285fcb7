"""The rules that drop: what depends on items alone is one bit for each rule and item, asked for all rules at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index, Mask
from slatewright.pipeline.contracts import Filter, Query
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.policy.binding import BoundRule, bind_rules
from slatewright.pipeline.policy.condition import quiet
from slatewright.pipeline.policy.rules import Exclude, Include, Rule
from slatewright.pipeline.policy.values import Moment
from slatewright.pipeline.world import World

Word = npt.NDArray[np.uint64]
WIDTH = 64  # rules in one word


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
        return BoundRuleFilter(self.name, facts, bind_rules(self.rules, (Include, Exclude), facts, world.user_facts))


@dataclass(frozen=True, eq=False)
class BoundRuleFilter:
    """The filter of a world; ``stills`` are the rules that ask the item alone once they hold, ``others`` all others."""

    name: str
    facts: ItemFacts
    rules: Sequence[BoundRule[Include | Exclude]]
    stills: list[BoundRule[Include | Exclude]] = field(init=False)
    others: list[BoundRule[Include | Exclude]] = field(init=False)
    bits: "Bits" = field(init=False)

    def __post_init__(self) -> None:
        still = [_asks_item_alone(rule) for rule in self.rules]
        object.__setattr__(self, "stills", [one for one, alone in zip(self.rules, still, strict=True) if alone])
        object.__setattr__(self, "others", [one for one, alone in zip(self.rules, still, strict=True) if not alone])
        object.__setattr__(self, "bits", Bits(self.facts, self.stills))

    def keep(self, query: Query, items: Index) -> Mask:
        moment = Moment(self.facts, query, items)
        with quiet():
            kept = self.bits.free(self._holding(moment), items)
            for rule in self.others:
                if rule.holds(moment):
                    kept &= ~_drops(rule, moment)
        return kept

    def only(self, query: Query) -> Index | None:
        """All items that may pass, where a rule includes; None where nothing is known to be few."""
        moment = Moment(self.facts, query, None)
        with quiet():
            holding = self._holding(moment)
            if not any(isinstance(rule.rule, Include) for rule, on in zip(self.stills, holding, strict=True) if on):
                return None
            return np.flatnonzero(self.bits.free(holding, None)).astype(np.int32)

    def dropping(self, query: Query, item: int) -> tuple[str, ...]:
        """The titles of the rules that drop one item."""
        moment = Moment(self.facts, query, np.array([item], dtype=np.int32))
        with quiet():
            return tuple(rule.rule.title for rule in self.rules if rule.holds(moment) and _drops(rule, moment)[0])

    def _holding(self, moment: Moment) -> list[bool]:
        return [rule.always or rule.open(moment) for rule in self.stills]


def _asks_item_alone(rule: BoundRule[Include | Exclude]) -> bool:
    """Whether, once it holds, the item alone decides. An including rule drops all where a part of the request fails."""
    return rule.where.rest is None and (isinstance(rule.rule, Exclude) or rule.where.gate is None)


def _drops(rule: BoundRule[Include | Exclude], moment: Moment) -> Mask:
    mask = rule.where.read(moment)
    return mask if isinstance(rule.rule, Exclude) else ~mask


class Bits:
    """Which items each of many rules drops: uint64 (words, n_items), one bit for each rule."""

    def __init__(self, facts: ItemFacts, rules: Sequence[BoundRule[Include | Exclude]]) -> None:
        self._facts, self._rules = facts, rules
        self._bits: Word = np.zeros(((len(rules) + WIDTH - 1) // WIDTH, len(facts)), dtype=np.uint64)
        facts.listen(self)
        self._write(None)

    def refresh(self, items: Index) -> None:
        """Work out some items again."""
        self._write(items)

    def free(self, holding: Sequence[bool], items: Index | None) -> Mask:
        """Which items no rule that holds drops, bool (n,)."""
        free = np.ones(len(self._facts) if items is None else len(items), dtype=np.bool_)
        active = np.zeros(len(self._bits) * WIDTH, dtype=np.bool_)
        active[: len(holding)] = holding
        for word, bits in zip(np.packbits(active, bitorder="little").view(np.uint64), self._bits, strict=True):
            if word:
                free &= ((bits if items is None else bits.take(items)) & word) == 0
        return free

    def _write(self, items: Index | None) -> None:
        moment = Moment(self._facts, None, items)
        at = slice(None) if items is None else items
        fresh = np.zeros((len(self._bits), len(self._facts) if items is None else len(items)), dtype=np.uint64)
        with quiet():
            for place, rule in enumerate(self._rules):
                fresh[place // WIDTH] |= self._dropped(rule, moment).astype(np.uint64) << np.uint64(place % WIDTH)
        self._bits[:, at] = fresh

    def _dropped(self, rule: BoundRule[Include | Exclude], moment: Moment) -> Mask:
        n = len(self._facts) if moment.items is None else len(moment.items)
        still = rule.where.still
        mask: Mask = np.array(np.broadcast_to(True if still is None else still.read(moment), (n,)), dtype=np.bool_)
        return mask if isinstance(rule.rule, Exclude) else ~mask
