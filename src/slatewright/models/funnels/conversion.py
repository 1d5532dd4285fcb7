"""Conversion: how likely is it that what somebody viewed or put into the cart is bought?"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import SORTED, Cost, Size
from slatewright.models.fading import HalfLife, HistoryHalfLife, faded
from slatewright.models.model import Known
from slatewright.models.shapes.kind_rates import KindRates


@dataclass(frozen=True)
class Conversion:
    """The chance that an item of the history ends in a purchase, by what was done to it and how often that did.

    Shares of the people who went on, each drawn to the share of its kind as the mean of a Beta posterior is (the
    m-estimate of Cestnik: Estimating Probabilities, A Crucial Task in Machine Learning, ECAI 1990).
    """

    target_kind: Annotated[str, Knob("the kind of event that the others lead to")] = "purchase"
    shrinkage: Annotated[
        float, Knob("people lent to each item who do as people do with items in general", least=0, search=(1, 100))
    ] = 20.0
    half_life_days: HalfLife = None
    history_half_life_days: HistoryHalfLife = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> KindRates:
        """Count who went on to ``target_kind``, and from what."""
        kinds = dataset.interactions.kinds
        ends = self._pairs(dataset, self.target_kind, last=True)
        lead = [kind for kind in kinds if kind != self.target_kind]
        rates = [self._rates(dataset, kind, ends) for kind in lead]
        return KindRates(
            Known(dataset.users, dataset.items, dataset.histories()),
            kinds=np.array([*lead, self.target_kind], dtype=np.str_),
            rates=np.stack([*rates, np.zeros(dataset.n_items, dtype=np.float32)]),
            first_rate=self._first_rate(dataset, ends),
            half_life_days=np.array([self.history_half_life_days or np.inf]),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )

    def cost(self, size: Size) -> Cost:
        return Cost(50.0 * size.n_events + 40.0 * size.n_items, {SORTED: 25.0 * size.n_events})

    def _pairs(self, dataset: Dataset, kind: str, *, last: bool) -> tuple[Array, Array]:
        """Each user and item with an event of a kind, as one rising number, and the first (or last) time of it."""
        table = dataset.interactions
        code = table.kinds.index(kind) if kind in table.kinds else -1
        chosen = (table.kind == code) & (table.weight > 0)
        pairs = table.user[chosen].astype(np.int64) * dataset.n_items + table.item[chosen]
        order = np.lexsort((-table.time[chosen] if last else table.time[chosen], pairs))
        distinct, first = np.unique(pairs[order], return_index=True)
        return distinct, table.time[chosen][order][first]

    def _rates(self, dataset: Dataset, kind: str, ends: tuple[Array, Array]) -> Scores:
        """Of the people who did something of a kind to each item, the share that went on to the end."""
        pairs, begun = self._pairs(dataset, kind, last=False)
        weights = faded(np.ones(len(pairs), np.float32), begun, dataset.as_of, self.half_life_days)
        at = np.minimum(np.searchsorted(ends[0], pairs), max(len(ends[0]) - 1, 0))
        ended = (ends[0][at] == pairs) & (ends[1][at] >= begun) if len(ends[0]) else np.zeros(len(pairs), np.bool_)
        items = pairs % max(dataset.n_items, 1)
        tried = np.bincount(items, weights, minlength=dataset.n_items)
        bought = np.bincount(items, weights * ended, minlength=dataset.n_items)
        usual = bought.sum() / max(tried.sum(), 1e-9)
        rates: Scores = ((bought + self.shrinkage * usual) / np.maximum(tried + self.shrinkage, 1e-9)).astype(
            np.float32
        )
        return rates

    def _first_rate(self, dataset: Dataset, ends: tuple[Array, Array]) -> Scores:
        """Of all users, the share that each item's purchases are; of no one's purchases, its share of all events."""
        table = dataset.interactions
        items = ends[0] % max(dataset.n_items, 1)
        bought = np.bincount(items, minlength=dataset.n_items) + 1e-3 * np.bincount(
            table.item, minlength=dataset.n_items
        ) / max(len(table), 1)
        shares: Scores = (bought / max(dataset.n_users, 1)).astype(np.float32)
        return shares
