"""Association rules as a model: what is bought together."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import GATHERS, SORTED, Cost, Size
from slatewright.models.fading import HistoryHalfLife
from slatewright.models.model import Known
from slatewright.models.rules.baskets import faded_baskets
from slatewright.models.rules.rule_table import RuleTable
from slatewright.models.rules.searching import BASKETS, CONFIDENCE, LENGTH, LIFT, SUPPORT, RuleSearch
from slatewright.models.shapes.item_rules import ItemRules

SCORED = ("confidence", "lift", "leverage")


@dataclass(frozen=True)
class AssociationRules:
    """Offer what goes with what the history holds, by the rules that its items fire.

    Agrawal, Imieliński, Swami: Mining Association Rules between Sets of Items in Large Databases (SIGMOD 1993); rules
    that fire recommend as in Sarwar, Karypis, Konstan, Riedl: Analysis of Recommendation Algorithms for E-commerce (EC
    2000).
    """

    min_support: Annotated[float, SUPPORT] = 0.001
    min_baskets: Annotated[int, BASKETS] = 5
    min_confidence: Annotated[float, CONFIDENCE] = 0.05
    min_lift: Annotated[float, LIFT] = 1.0
    max_length: Annotated[int, LENGTH] = 2
    measure: Annotated[str, Knob("what a rule says of its right side", choices=SCORED)] = "confidence"
    shrinkage: Annotated[
        float, Knob("baskets of doubt added to those with a rule's left side", least=0, search=(0, 100))
    ] = 10.0
    basket_minutes: Annotated[
        float | None, Knob("a longer pause of a user starts a new basket; none: a history is one basket", least=0)
    ] = 30.0
    kinds: Annotated[tuple[str, ...], Knob("kinds of events that fill baskets; none: all that weigh something")] = ()
    half_life_days: Annotated[
        float | None, Knob("a basket this many days old counts half; none: all count alike", above=0, search=(30, 730))
    ] = None
    history_half_life_days: HistoryHalfLife = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def rules(self, dataset: Dataset) -> RuleTable:
        """The rules themselves, one item on the right of each.

        Raises:
            BadInput: there are too many, or no event is of a kind in ``kinds``.
        """
        histories = dataset.histories()
        baskets = faded_baskets(
            histories, dataset.n_items, self.basket_minutes, self.kinds, dataset.as_of, self.half_life_days
        )
        search = RuleSearch(self.min_support, self.min_baskets, self.min_confidence, self.min_lift, self.max_length)
        return search.find(baskets)

    def fit(self, dataset: Dataset) -> ItemRules:
        """Mine the rules and keep those that speak for something."""
        found = self.rules(dataset)
        marks = self._marks(found)
        found, marks = found.take(np.flatnonzero(marks > 0)), marks[marks > 0]
        fading = np.inf if self.history_half_life_days is None else self.history_half_life_days
        return ItemRules(
            Known(dataset.users, dataset.items, dataset.histories()),
            *_by_first_item(found, marks, dataset.n_items),
            _prior(dataset, marks),
            half_life_days=np.array([fading], dtype=np.float64),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )

    def _marks(self, found: RuleTable) -> Scores:
        """What each rule says, float32 (n,); a rule that few baskets tell of says less."""
        left = found.sets.counts[found.left] / found.sets.unit
        marks: Scores = (found.measure(self.measure) * left / (left + self.shrinkage)).astype(np.float32)
        return marks

    def cost(self, size: Size) -> Cost:
        """Sets of two items; baskets are taken to be the data set's visits, and items to meet in them by chance."""
        whole = self.basket_minutes is None
        squares = size.squared_histories if whole else size.squared_visits
        meetings = max(squares - size.n_events, 0.0)
        least = max(self.min_baskets, self.min_support * (size.n_users if whole else size.n_visits))
        pairs = _frequent_pairs(size, meetings, least)
        work = {SORTED: 12.0 * size.n_events + 190.0 * pairs, GATHERS: meetings}
        return Cost(51.0 * size.n_events + 200.0 * pairs, work)


def _frequent_pairs(size: Size, meetings: float, least: float) -> float:
    """Pairs of items that would meet in ``least`` baskets if all were alike: those popular enough, class by class."""
    items = np.array(size.items_by_events, dtype=np.float64)
    events = np.sqrt(2.0) * 2.0 ** np.arange(len(items))
    expected = np.outer(events, events) * meetings / max(size.n_events, 1) ** 2
    return float(np.outer(items, items)[expected >= least].sum() / 2)


def _by_first_item(found: RuleTable, marks: Scores, n_items: int) -> tuple[Offsets, Offsets, Index, Index, Scores]:
    """The arrays of ``ItemRules``: rules in order of the item that the fewest rules are found by, the rarest."""
    first = found.sets.items[found.sets.offsets[found.left]]
    order = np.lexsort((-marks, first))
    counts = np.bincount(first, minlength=n_items)
    sorted_rules = found.take(order)
    lengths = found.sets.lengths()[sorted_rules.left]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    at = np.repeat(found.sets.offsets[sorted_rules.left] - offsets[:-1], lengths) + np.arange(offsets[-1])
    right = found.sets.items[found.sets.offsets[sorted_rules.right]]
    return (
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        offsets,
        found.sets.items[at],
        right,
        marks[order],
    )


def _prior(dataset: Dataset, marks: Scores) -> Scores:
    """Each item's share of the most popular item's weight, brought below what any rule says, float32 (n_items,)."""
    table = dataset.interactions
    sums: Array = np.bincount(table.item, np.maximum(table.weight, 0), minlength=dataset.n_items)
    least = float(marks.min()) if len(marks) else 1.0
    return (sums / max(float(sums.max(initial=0)), 1e-30) * least / 2).astype(np.float32)
