"""A slate that mixes shelves as its user does.

Calibrated recommendations (Steck, RecSys 2018): worth against the Kullback-Leibler divergence of the slate's mix of
categories from that of the history, taken greedily.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets
from slatewright.core.kernels import kernel
from slatewright.core.knobs import Knob, check_knobs
from slatewright.metrics.calibration import SMOOTHING
from slatewright.models.fading import faded
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.orders.worth import TERMS, BoundTerm, Depth, Term, best_of, bind_terms, check_terms, worth_of
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class Calibrated:
    """Trade the sum of worths against how far the slate's mix of categories is from the user's own.

    Of somebody unknown, or who had nothing with a category, there is no mix: worth alone counts.
    """

    relevance: Annotated[
        float, Knob("1: only the worth counts; 0: only the mix", least=0, most=1, search=(0.2, 1.0))
    ] = 0.5
    half_life_days: Annotated[float | None, Knob("what was had so long ago counts half; none: all alike", above=0)] = (
        None
    )
    depth: Depth = 500
    terms: Annotated[tuple[Term, ...], TERMS] = ()

    def __post_init__(self) -> None:
        check_knobs(self)
        check_terms(self, self.terms)

    def bind(self, world: World) -> "BoundCalibrated":
        """Keep the shelves at hand."""
        shelves, names = world.catalogue, world.catalogue.category_names
        return BoundCalibrated(
            "calibration", self, shelves.category_offsets, shelves.categories, len(names), bind_terms(self.terms, world)
        )


@dataclass(frozen=True)
class BoundCalibrated:
    """The order over a catalogue."""

    name: str
    knobs: Calibrated
    offsets: Offsets
    categories: Index
    n_categories: int
    terms: tuple[BoundTerm, ...]

    def arrange(self, query: Query, candidates: Candidates) -> Offsets:
        """Positions (min(k, depth, n),), in the order in which they are chosen."""
        pool = best_of(candidates, self.knobs.depth)
        worth = worth_of(query, pool, self.terms).astype(np.float64)
        places = min(query.k, len(worth))
        own = self._own_mix(query)
        worth *= self.knobs.relevance if own.any() else 1.0
        chosen = np.zeros(places, dtype=np.int64)
        _choose(pool.items, self.offsets, self.categories, own, worth, 1 - self.knobs.relevance, chosen)
        return chosen

    def _own_mix(self, query: Query) -> Array:
        """The share of each category in the history, float64 (n_categories,); zeros where it says nothing."""
        history = query.history
        half_life = self.knobs.half_life_days
        weights = faded(np.ones(len(history.items), dtype=np.float32), history.times, query.now, half_life)
        mix = np.zeros(self.n_categories)
        _mix(history.items, weights, self.offsets, self.categories, mix)
        total = mix.sum()
        return mix / total if total > 0 else mix


@kernel()
def _mix(items: Any, weights: Any, offsets: Any, categories: Any, mix: Any) -> None:
    """Add what items stand for to a mix, each in equal parts to its categories."""
    for at in range(len(items)):
        begin, end = offsets[items[at]], offsets[items[at] + 1]
        for place in range(begin, end):
            mix[categories[place]] += weights[at] / (end - begin)


@kernel()
def _choose(items: Any, offsets: Any, categories: Any, own: Any, worth: Any, balance: Any, chosen: Any) -> None:
    """For every place what brings most: its worth, and the mix nearer to ``own``; ``worth`` of the chosen is lost."""
    shown, size = np.zeros(len(own)), 0
    likeness = np.empty(len(own))  # what each category brings to the sum of own x log(shown)
    for place in range(len(chosen)):
        alone, beside = _logs(own, shown, size, likeness)
        best, most = 0, -np.inf
        for at in range(len(items)):
            begin, end = offsets[items[at]], offsets[items[at] + 1]
            gain = alone if end == begin else beside
            for nth in range(begin, end):
                category = categories[nth]
                if own[category] > 0:
                    share = (shown[category] + 1.0 / (end - begin)) / (size + 1)
                    mixed = (1 - SMOOTHING) * share + SMOOTHING * own[category]
                    gain += own[category] * np.log(mixed) - likeness[category]
            if worth[at] + balance * gain > most:
                best, most = at, worth[at] + balance * gain
        begin, end = offsets[items[best]], offsets[items[best] + 1]
        for nth in range(begin, end):
            shown[categories[nth]] += 1.0 / (end - begin)
        size += end > begin
        chosen[place], worth[best] = best, -np.inf


@kernel()
def _logs(own: Any, shown: Any, size: Any, likeness: Any) -> Any:
    """The sum of own x log(shown) for the mix as it is, and once an item of none of these categories came to it."""
    alone, beside = 0.0, 0.0
    for category in range(len(own)):
        likeness[category] = 0.0
        if own[category] > 0:
            kept = SMOOTHING * own[category]
            likeness[category] = own[category] * np.log((1 - SMOOTHING) * shown[category] / (size + 1) + kept)
            alone += own[category] * np.log((1 - SMOOTHING) * shown[category] / max(size, 1) + kept)
            beside += likeness[category]
    return alone, beside
