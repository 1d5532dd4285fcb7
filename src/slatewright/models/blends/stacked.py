"""The stacked blend: weights learned from what people took later."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng
from slatewright.data.dataset import Dataset
from slatewright.models.blends.banding import band_of
from slatewright.models.blends.holding_out import MOST_CASES, Lists, cases_to_learn, held_out, lists_of, subset
from slatewright.models.blends.learning_weights import learned_weights, shares
from slatewright.models.blends.normalising import NORMALISATIONS
from slatewright.models.blends.parts import LEARNED, check_estimators, check_lengths, fitted, sum_of_costs
from slatewright.models.costs import SORTED, Cost, Costed, Size
from slatewright.models.model import Estimator, Known
from slatewright.models.recommending import BLOCK_SCORES
from slatewright.models.shapes.blend import Blend


@dataclass(frozen=True)
class StackedBlend:
    """A weighted blend that learns its weights on the latest part of the events, then fits its parts on all of them.

    Wolpert: Stacked Generalization (Neural Networks 1992); the weights are those of a conditional logit (McFadden:
    Conditional Logit Analysis of Qualitative Choice Behavior, in Zarembka: Frontiers in Econometrics, 1974).
    """

    estimators: Annotated[tuple[Estimator, ...], Knob("what is fitted and then asked together")]
    lengths: Annotated[
        tuple[int, ...], Knob("events in a history from which on weights of their own are learned; none: one for all")
    ] = ()
    normalisation: Annotated[
        str, Knob("how the scores of each history are brought to one scale", choices=NORMALISATIONS)
    ] = "deviation"
    validation_share: Annotated[
        float, Knob("share of the events, the latest, that the weights are learned from", above=0, below=1)
    ] = 0.1
    n_candidates: Annotated[int, Knob("best items of each part that are compared", least=1, search=(20, 300))] = 100
    reg: Annotated[float, Knob("how many people's word it takes to move weights", least=0, search=(1, 100))] = 10.0
    rng: Annotated[Rng, Knob("seed, or generator, of which people and events are drawn")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)
        check_estimators(self, self.estimators)
        check_lengths(self, self.lengths)

    def fit(self, dataset: Dataset) -> Blend:
        """Learn the weights on the latest events, held back, then fit the parts to all of them."""
        weights = self._weights(dataset)
        return Blend(
            Known(dataset.users, dataset.items, dataset.histories()),
            fitted(self.estimators, dataset),
            weights,
            np.array(self.lengths, dtype=np.int64),
            self.normalisation,
        )

    def cost(self, size: Size) -> Cost:
        """Every part is fitted twice: on the earlier part of the events, of which a copy is held, then on all.

        Between the two the parts score what they know for the people that weights are learned on.
        """
        both, n_parts = sum_of_costs(self.estimators, size, times=2), len(self.estimators)
        learned = LEARNED * sum(one.cost(size).memory for one in self.estimators if isinstance(one, Costed))
        n_cases = min(MOST_CASES, size.n_users)
        scores = float(n_cases) * size.n_items
        scoring = 6.0 * min(BLOCK_SCORES, scores * (n_parts + 1)) + 55.0 * size.n_events + learned
        early = (1 - self.validation_share) * both.memory + 44.0 * size.n_events
        work = dict(both.work)
        work[SORTED] = work.get(SORTED, 0.0) + n_parts * (2.5 * scores + 75.0 * n_cases * self.n_candidates)
        return Cost(max(both.memory, early, scoring), work)

    def _weights(self, dataset: Dataset) -> Array:
        """One row of weights per band of lengths; all alike where nothing can be held out."""
        lists = self._lists(dataset)
        equal = np.full(len(self.estimators), 1 / len(self.estimators))
        if lists is None:
            return np.tile(equal, (len(self.lengths) + 1, 1))
        common = learned_weights(lists, self.reg, equal)
        if not self.lengths:
            return shares(common)[None]
        band = band_of(lists.n_events, self.lengths)
        rows = [
            learned_weights(subset(lists, np.flatnonzero(band == at)), self.reg, common)
            for at in range(len(self.lengths) + 1)
        ]
        return np.stack([shares(row) for row in rows])

    def _lists(self, dataset: Dataset) -> Lists | None:
        fold = held_out(dataset, self.validation_share, self.rng)
        if fold is None:
            return None
        parts = fitted(self.estimators, fold.train)
        return lists_of(parts, cases_to_learn(fold, self.rng), self.n_candidates, self.normalisation)
