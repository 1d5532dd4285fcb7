"""Rules: a history that holds all items of a rule's left side is offered its right side."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Offsets, Scores
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories
from slatewright.models.fading import faded_as_stored
from slatewright.models.model import Known, Model
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class ItemRules(Model):
    """Rule r: who has the items ``left[left_offsets[r]:left_offsets[r + 1]]`` takes ``right[r]``, and how strongly,
    ``marks[r]`` > 0. Offsets int64, items int32, marks float32.

    A rule is found by the first item of its left side: item i is the first of the rules
    ``rule_offsets[i]:rule_offsets[i + 1]``. A rule fires as far as the history holds the item of its left side that it
    holds least: the faded weight of the item's events, 1 at most. An item scores what the strongest rule for it says,
    and where none fires its ``prior`` float32 (n_items,), less than any rule. An event fades by ``half_life_days``
    (float64 (1,), infinite: never) before ``as_of`` (int64 (1,)).
    """

    rule_offsets: Offsets
    left_offsets: Offsets
    left: Index
    right: Index
    marks: Scores
    prior: Scores
    half_life_days: Array
    as_of: Array
    shape: ClassVar[str] = "item_rules"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        out = self.fired(histories)
        np.maximum(out, self.prior, out=out)
        return out if items is None else np.take(out, items, axis=1)

    def fired(self, histories: Histories) -> Scores:
        """What the strongest rule for each item says, 0 where none fires, float32 (n, n_items)."""
        known = self._faded(histories)
        out = np.zeros((len(known), len(self.prior)), dtype=np.float32)
        per_event = len(self.right) // max(1, len(self.prior)) + 1
        in_chunks(
            lambda begin, end: _fire(
                known.offsets[begin : end + 1], known.items, known.weights, self.rule_offsets, self.left_offsets,
                self.left, self.right, self.marks, out[begin:end],
            ),
            chunks_of(known.offsets * per_event + np.arange(len(known) + 1)),
        )  # fmt: skip
        return out

    def _faded(self, histories: Histories) -> Histories:
        return faded_as_stored(histories, self.as_of, self.half_life_days)

    def arrays(self) -> Arrays:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "known"}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        """What goes with each item alone; 0 for an item that no rule tells of."""
        scores = self.fired(Histories.of([[item] for item in items]))
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.prior) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        """The score goes in equal parts to the items of the strongest rule, and there to their events by weight."""
        known = self._faded(history)
        weights = np.maximum(known.weights, 0).astype(np.float64)
        held = np.bincount(known.items, weights, minlength=len(self.prior))
        parts = np.zeros(len(known.items))
        best, score = self._strongest(held, item)
        if score > 0:
            members = self.left[self.left_offsets[best] : self.left_offsets[best + 1]]
            at = np.isin(known.items, members)
            parts[at] = score / len(members) * weights[at] / held[known.items[at]]
        return parts.astype(np.float32)

    def _strongest(self, held: Array, item: int) -> tuple[int, float]:
        """The rule for an item that says most to what a history holds, (n_items,), and what it says; 0: none fires."""
        rules = np.flatnonzero(self.right == item)
        if len(rules) == 0:
            return 0, 0.0
        lengths = np.diff(self.left_offsets)[rules]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        at = np.repeat(self.left_offsets[rules] - starts[:-1], lengths) + np.arange(starts[-1])
        least = np.minimum.reduceat(np.minimum(held[self.left[at]], 1), starts[:-1])
        said = least * self.marks[rules]
        best = int(np.argmax(said))
        return int(rules[best]), float(said[best])


@kernel()
def _fire(
    bounds: Any, items: Any, weights: Any, rule_offsets: Any, left_offsets: Any, left: Any, right: Any, marks: Any,
    out: Any,
) -> None:  # fmt: skip
    held = np.zeros(out.shape[1], dtype=np.float32)
    for row in range(len(out)):
        for event in range(bounds[row], bounds[row + 1]):
            held[items[event]] += max(weights[event], np.float32(0))
        for event in range(bounds[row], bounds[row + 1]):
            first = items[event]
            if held[first] > 0:
                _offer(first, held, rule_offsets, left_offsets, left, right, marks, out[row])
        for event in range(bounds[row], bounds[row + 1]):
            held[items[event]] = 0


@kernel()
def _offer(
    first: Any, held: Any, rule_offsets: Any, left_offsets: Any, left: Any, right: Any, marks: Any, scores: Any
) -> None:  # fmt: skip
    """Let the rules that are found by an item fire."""
    for rule in range(rule_offsets[first], rule_offsets[first + 1]):
        least = min(held[first], np.float32(1))
        for at in range(left_offsets[rule] + 1, left_offsets[rule + 1]):
            least = min(least, held[left[at]])
            if least <= 0:
                break
        scores[right[rule]] = max(scores[right[rule]], least * marks[rule])
