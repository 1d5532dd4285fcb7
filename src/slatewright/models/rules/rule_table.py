"""Rules and what can be said of each of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame, Index, Offsets
from slatewright.models.rules.mining import ItemSets

MEASURES = ("support", "confidence", "lift", "leverage", "conviction")


@dataclass(frozen=True)
class RuleTable:
    """Rule r says that baskets with the set ``left[r]`` tend to hold ``right[r]`` too; together they are ``whole[r]``.

    Each int64 (n,), the number of a set of ``sets``. The measures are float64 (n,), P being the share of all baskets:

    - support: P(left and right); confidence: P(left and right) / P(left)
    - lift: confidence / P(right), 1 where one says nothing of the other (Brin, Motwani, Ullman, Tsur, SIGMOD 1997)
    - leverage: P(left and right) - P(left) P(right) (Piatetsky-Shapiro 1991)
    - conviction: (1 - P(right)) / (1 - confidence), infinite where the rule never fails (Brin et al. 1997)
    """

    sets: ItemSets
    whole: Offsets
    left: Offsets
    right: Offsets

    def __len__(self) -> int:
        return len(self.whole)

    @cached_property
    def support(self) -> Array:
        return self._share(self.whole)

    @cached_property
    def confidence(self) -> Array:
        found: Array = self.sets.counts[self.whole] / self.sets.counts[self.left]
        return found

    @cached_property
    def lift(self) -> Array:
        found: Array = self.confidence / self._share(self.right)
        return found

    @cached_property
    def leverage(self) -> Array:
        found: Array = self.support - self._share(self.left) * self._share(self.right)
        return found

    @cached_property
    def conviction(self) -> Array:
        fails = 1 - self.confidence
        never = fails <= 0
        found: Array = np.where(never, np.inf, (1 - self._share(self.right)) / np.where(never, 1.0, fails))
        return found

    def _share(self, sets: Offsets) -> Array:
        shares: Array = self.sets.counts[sets] / max(1, self.sets.n_baskets)
        return shares

    def measure(self, name: str) -> Array:
        """One of ``MEASURES``, float64 (n,)."""
        values: Array = getattr(self, name)
        return values

    def take(self, rules: Offsets) -> "RuleTable":
        """Some of the rules, in the order given."""
        return RuleTable(self.sets, self.whole[rules], self.left[rules], self.right[rules])

    def head(self, most: int) -> "RuleTable":
        """The first rules, at most so many."""
        return self.take(np.arange(min(most, len(self))))

    def by(self, name: str) -> "RuleTable":
        """All rules, the highest of a measure first; ties by lift, then support, then the order of mining."""
        return self.take(np.lexsort((-self.support, -self.lift, -self.measure(name))))

    def antecedents(self) -> tuple[Offsets, Index]:
        """The items on the left: offsets int64 (n + 1,) and items int32, those of each rule rising."""
        return self._items(self.left)

    def consequents(self) -> tuple[Offsets, Index]:
        """The items on the right, in the same form."""
        return self._items(self.right)

    def _items(self, sets: Offsets) -> tuple[Offsets, Index]:
        lengths = self.sets.lengths()[sets]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        owner = np.repeat(np.arange(len(sets)), lengths)
        items = self.sets.items[self.sets.offsets[sets][owner] + np.arange(offsets[-1]) - offsets[owner]]
        return offsets, items[np.lexsort((items, owner))]

    def baskets(self) -> Array:
        """Baskets that hold both sides, int64 (n,); float64 where old baskets count less."""
        counts: Array = self.sets.counts[self.whole]
        return counts if self.sets.unit == 1 else counts / self.sets.unit

    def frame(self, names: pl.Series) -> Frame:
        """``antecedent, consequent`` (lists of names), ``baskets``, and the measures; ``names`` (n_items,) by index."""
        sides = {
            side: pl.DataFrame({"rule": np.repeat(np.arange(len(self)), np.diff(offsets)), "name": names.gather(items)})
            .group_by("rule", maintain_order=True)
            .agg("name")["name"]
            for side, (offsets, items) in (("antecedent", self.antecedents()), ("consequent", self.consequents()))
        }
        return pl.DataFrame({**sides, "baskets": self.baskets(), **{name: self.measure(name) for name in MEASURES}})
