"""Buy it again: how likely, and when, somebody buys a thing once more."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Scores
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.catalogue import Catalogue
from slatewright.data.dataset import Dataset
from slatewright.models.costs import SORTED, Cost, Size
from slatewright.models.model import Known
from slatewright.models.repeats.life_table import life_table, seen_and_expected
from slatewright.models.repeats.occasions import Occasions, occasions_of, visitors
from slatewright.models.repeats.spells import interval_visits_of, spells_of
from slatewright.models.shapes.repeat_rates import RepeatRates


@dataclass(frozen=True)
class BuyItAgain:
    """The chance that each item of a history is bought again soon, from a life table and how each item differs.

    A purchase waits for the next one of the same item. The table tells how often, by how many times the user has bought
    it and how much of the usual interval has passed; an item is bought again more or less often than that by its ratio,
    the mean of a Gamma posterior whose prior is its category's. After Anderson, Kumar, Tomkins, Vassilvitskii: The
    Dynamics of Repeat Consumption (WWW 2014), and Bhagat, Muralidharan, Lobzhanidze, Vishwanath: Buy It Again, Modeling
    Repeat Purchase Recommendations (KDD 2018), whose rates are Gamma posteriors too.
    """

    horizon_days: Annotated[
        float, Knob("the chance is that of a purchase within so many days", above=0, search=(1, 90))
    ] = 30.0
    shrinkage: Annotated[
        float, Knob("expected purchases lent to each item at its category's rate", least=0, search=(0.3, 30))
    ] = 3.0
    half_life_days: Annotated[
        float | None,
        Knob("what an item did this many days ago counts half; none: all counts alike", above=0, search=(30, 1000)),
    ] = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> RepeatRates:
        """Learn the life table of repeat purchases, and how each item differs from it."""
        occasions = occasions_of(dataset.histories(), dataset.as_of)
        intervals = interval_visits_of(occasions, dataset.n_items, dataset.as_of)
        spells = spells_of(occasions, intervals, dataset.as_of)
        table = life_table(spells)
        today = dataset.as_of / MICROSECONDS_PER_DAY
        seen, expected = seen_and_expected(spells, table, dataset.n_items, today, self.half_life_days)
        return RepeatRates(
            Known(dataset.users, dataset.items, dataset.histories()),
            hazard=table.hazard.astype(np.float32),
            ages=table.ages.astype(np.float32),
            counts=table.counts.astype(np.float32),
            ratio=self._ratios(seen, expected, dataset),
            interval_visits=intervals,
            first_rate=_first_rates(occasions, dataset),
            horizon_days=np.array([self.horizon_days], dtype=np.float64),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )

    def cost(self, size: Size) -> Cost:
        memory = 112.0 * size.n_purchases + 11.0 * size.n_events + 60.0 * (size.n_items + size.n_users)
        return Cost(memory, {SORTED: 110.0 * size.n_purchases})

    def _ratios(self, seen: Array, expected: Array, dataset: Dataset) -> Scores:
        """Seen over expected of each item, lent ``shrinkage`` expected purchases at the ratio of its categories."""
        catalogue = Catalogue.of(dataset)
        n, width = dataset.n_items, len(catalogue.category_names)
        ones = np.ones(len(catalogue.categories))
        stands = sparse.csr_matrix((ones, catalogue.categories, catalogue.category_offsets), shape=(n, width))
        of_category = (stands.T @ seen + self.shrinkage) / np.maximum(stands.T @ expected + self.shrinkage, 1e-9)
        shelves = np.diff(catalogue.category_offsets)
        usual = np.where(shelves > 0, (stands @ of_category) / np.maximum(shelves, 1), 1.0)
        lent = self.shrinkage
        known = expected + lent > 1e-9
        ratios: Scores = np.where(known, (seen + lent * usual) / np.where(known, expected + lent, 1), usual)
        return ratios.astype(np.float32)


def _first_rates(occasions: Occasions, dataset: Dataset) -> Scores:
    """First purchases of each item per visit of anybody, float32 (n_items,)."""
    firsts = np.bincount(occasions.item[occasions.count == 1], minlength=dataset.n_items)
    visits = len(visitors(occasions.owner, occasions.day))
    rates: Scores = (firsts / max(visits, 1)).astype(np.float32)
    return rates
