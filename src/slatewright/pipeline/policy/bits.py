"""Many conditions about items alone, one bit for each condition and item, asked for all conditions at once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index, Mask, Scores
from slatewright.core.kernels import kernel
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.policy.condition import quiet
from slatewright.pipeline.policy.values import Moment, Value

Words = npt.NDArray[np.uint64]
WIDTH = 64  # conditions in one word


class Bits:
    """Conditions over a catalogue, uint64 (n_items, words); they follow the facts of items.

    ``conditions`` ask the item alone, None: true of all; where ``negated`` the bit is set for items it is not true of.
    """

    def __init__(self, facts: ItemFacts, conditions: Sequence[Value | None], negated: Sequence[bool] = ()) -> None:
        self._facts, self._conditions = facts, conditions
        self._negated = negated or [False] * len(conditions)
        self._bits: Words = np.zeros((len(facts), (len(conditions) + WIDTH - 1) // WIDTH), dtype=np.uint64)
        facts.listen(self)
        self._write(None)

    def refresh(self, items: Index) -> None:
        """Work out some items again."""
        self._write(items)

    def none_of(self, active: Sequence[bool], items: Index | None) -> Mask:
        """Of which items, int32 (n,), no active condition is true, bool (n,); None: of all of the catalogue."""
        words = self._packed(active)
        if items is None:
            everything: Mask = ((self._bits & words) == 0).all(axis=1)
            return everything
        free = np.ones(len(items), dtype=np.bool_)
        if words.any():
            _none_of(self._bits, words, items, free)
        return free

    def rows(self, items: Index) -> Words:
        """The bits of some items, int32 (n,), uint64 (words, n)."""
        words = np.empty((self._bits.shape[1], len(items)), dtype=np.uint64)
        _gather(self._bits, items, words)
        return words

    def sums(self, active: Sequence[bool], by: Scores, items: Index) -> Scores:
        """The sum of ``by``, float32 (conditions,), over the active conditions that are true of each item."""
        found = np.zeros(len(items), dtype=np.float32)
        _sums(self._bits, self._packed(active), items, by, found)
        return found

    def _packed(self, active: Sequence[bool]) -> Words:
        flags = np.zeros(self._bits.shape[1] * WIDTH, dtype=np.bool_)
        flags[: len(active)] = active
        return np.packbits(flags, bitorder="little").view(np.uint64)

    def _write(self, items: Index | None) -> None:
        moment = Moment(self._facts, None, items)
        n = len(self._facts) if items is None else len(items)
        fresh = np.zeros((self._bits.shape[1], n), dtype=np.uint64)
        with quiet():
            for place, (condition, negated) in enumerate(zip(self._conditions, self._negated, strict=True)):
                mask = np.broadcast_to(True if condition is None else condition.read(moment), (n,)) != negated
                fresh[place // WIDTH] |= mask.astype(np.uint64) << np.uint64(place % WIDTH)
        self._bits[slice(None) if items is None else items] = fresh.T


@kernel()
def _none_of(bits: Any, active: Any, items: Any, free: Any) -> None:
    for at in range(len(items)):
        for word in range(len(active)):
            if bits[items[at], word] & active[word]:
                free[at] = False
                break


@kernel()
def _sums(bits: Any, active: Any, items: Any, by: Any, found: Any) -> None:
    one = np.uint64(1)
    for at in range(len(items)):
        for word in range(len(active)):
            left = bits[items[at], word] & active[word]
            place = word * WIDTH
            while left:
                if left & one:
                    found[at] += by[place]
                left >>= one
                place += 1


@kernel()
def _gather(bits: Any, items: Any, words: Any) -> None:
    for at in range(len(items)):
        for word in range(len(words)):
            words[word, at] = bits[items[at], word]
