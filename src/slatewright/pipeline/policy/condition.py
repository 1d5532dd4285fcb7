"""A condition: an expression compiled once for a shop, asked for every request over its candidates."""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from slatewright.core.arrays import Frame, Index, Mask
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.policy.meaning import Meaning
from slatewright.pipeline.policy.parsing import parse
from slatewright.pipeline.policy.tree import Both, Node
from slatewright.pipeline.policy.values import SPOKEN, Joined, Moment, Value, combined, kept
from slatewright.pipeline.policy.wording import BadExpression
from slatewright.pipeline.world import World

FEW = 4  # a part of the items that is worth asking alone: one in so many


class Condition:
    """Which items an expression is true of. What depends on items alone is worked out once and follows their facts.

    The parts that ``and`` joins at the top are held apart: ``gate`` asks the request alone, ``still`` the item alone,
    ``rest`` both; any of them None where nothing asks so.
    """

    def __init__(self, text: str, facts: ItemFacts, user_facts: Frame) -> None:
        self.text, self.facts, self._gated = text, facts, f"open: {text}"
        meaning = Meaning(text, facts, user_facts)
        tree = parse(text)
        parts = [_truth(meaning, part) for part in _joined(tree)]
        self.gate = _all_or_none([part for part in parts if not part.of_item])
        self.still = _all_or_none([part for part in parts if part.of_item and not part.of_request])
        self.rest = _all_or_none([part for part in parts if part.of_item and part.of_request])

    @cached_property
    def _kept(self) -> Value | None:
        return None if self.still is None else kept(self.facts, self.still)

    @classmethod
    def of(cls, text: str, world: World) -> "Condition":
        """The condition in a world.

        Raises:
            BadExpression: it names what nobody knows, its types do not go together, or it is no expression.
        """
        return cls(text, world.item_facts, world.user_facts)

    @property
    def asks_request(self) -> bool:
        """Whether the answer depends on who asks, where or when."""
        return self.rest is not None or (self.gate is not None and self.gate.of_request)

    @property
    def of_items(self) -> tuple[Value, ...]:
        """The parts that ask about items; all of them must be true, where ``open`` is."""
        return tuple(part for part in (self.still, self.rest) if part is not None)

    @property
    def asks_item(self) -> bool:
        """Whether the answer depends on the item."""
        return self.rest is not None or self.still is not None

    def open(self, moment: Moment) -> bool:
        """Whether the parts that ask the request alone are true; many rules ask the same, so it is read once."""
        if self.gate is None:
            return True
        if self._gated not in moment.told:
            moment.told[self._gated] = bool(self.gate.read(moment))
        return bool(moment.told[self._gated])

    def read(self, moment: Moment) -> Mask:
        """Which of the moment's items it is true of, bool (n,); call it inside ``quiet``."""
        n = len(self.facts) if moment.items is None else len(moment.items)
        if not self.open(moment):
            return np.zeros(n, dtype=np.bool_)
        if self._kept is None:
            return np.ones(n, dtype=np.bool_) if self.rest is None else np.asarray(self.rest.read(moment))
        mask = np.array(self._kept.read(moment), dtype=np.bool_)
        if self.rest is not None:
            few = np.flatnonzero(mask)
            if len(few) * FEW < n:  # it is cheaper to ask of some only
                mask[few] = self.rest.read(moment.narrowed(few))
            else:
                mask &= self.rest.read(moment)
        return mask

    def mask(self, query: Query, items: Index) -> Mask:
        """Which of some items, int32 (n,), it is true of for one request, bool (n,)."""
        with quiet():
            return self.read(Moment(self.facts, query, items))


def quiet() -> np.errstate:
    """What is not known is compared with numbers without a word."""
    return np.errstate(all="ignore")


def _joined(tree: Node) -> tuple[Node, ...]:
    return tree.parts if isinstance(tree, Both) and not tree.either else (tree,)


def _truth(meaning: Meaning, node: Node) -> Value:
    value = meaning.of(node)
    if value.type != "truth":
        raise BadExpression(
            meaning.text, node.start, node.end, f"a condition is a yes or no, got {SPOKEN[value.type]}; compare it"
        )
    return value


def _all_or_none(parts: Sequence[Value]) -> Value | None:
    return all_of(parts) if parts else None


def all_of(parts: Sequence[Value]) -> Value:
    """Whether all of some yes or noes are true, of which there is one at least."""
    if len(parts) == 1:
        return parts[0]
    reads: list[Callable[[Moment], Mask]] = [part.read for part in parts]

    def read(moment: Moment) -> Mask:
        result = reads[0](moment)
        for one in reads[1:]:
            result = np.logical_and(result, one(moment))
        return result

    return combined("truth", read, *parts, form=Joined(tuple(parts), either=False))
