"""SLIM: EASE with zeros. Few, positive numbers, each column an elastic net."""

from dataclasses import dataclass
from typing import Annotated

from scipy import sparse

from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Size
from slatewright.models.fading import HalfLife, HistoryHalfLife
from slatewright.models.linear.descent import Limits, Penalties
from slatewright.models.linear.elastic_net import elastic_net, squares_of
from slatewright.models.linear.gram import ActivityDiscount, Dropout, discounted
from slatewright.models.linear.neighborhoods import descent_cost, model_of, on_gram, table_of
from slatewright.models.shapes.item_pairs import ItemPairs

TOLERANCE = 1e-3  # a column is done when a pass over all its items moves no number by this much of the largest
DENSE_SHARE, SPARSE_NUMBERS, TRIED = 0.045, 85, 200  # a column's numbers and the items tried for it, as measured


@dataclass(frozen=True)
class SLIM:
    """A few items speak for each item, and none against it; items may not speak for themselves.

    Ning, Karypis: SLIM: Sparse Linear Methods for Top-N Recommender Systems, ICDM 2011.
    """

    reg: Annotated[
        float, Knob("penalty on large numbers: the more, the less rare pairs say", above=0, search=(0.01, 300))
    ] = 10.0
    l1_reg: Annotated[
        float, Knob("penalty on numbers that are not zero: the more, the fewer of them", least=0, search=(0.01, 30))
    ] = 1.0
    dropout: Dropout = 0.0
    activity_discount: ActivityDiscount = 0.0
    negative: Annotated[bool, Knob("items may also speak against others")] = False
    n_neighbors: Annotated[
        int | None, Knob("items tried for each item, the likeliest first; none: all that meet it", least=1)
    ] = None
    epochs: Annotated[int, Knob("passes over the items tried, at most", least=1, search=(10, 200))] = 100
    half_life_days: HalfLife = None
    history_half_life_days: HistoryHalfLife = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> ItemPairs:
        """Learn from the data set.

        Raises:
            BadInput: a weight is so large that its square cannot be added up in float32.
        """
        by_user = table_of("SLIM", dataset, self.half_life_days)
        return model_of(dataset, by_user, self.pairs(by_user), self.history_half_life_days)

    def pairs(self, by_user: sparse.csr_matrix) -> sparse.csc_matrix:
        """The numbers of all pairs, CSC float32 (n_items, n_items), nothing on the diagonal."""
        weighed = discounted(by_user, self.activity_discount)
        on_squares = self.reg + self.dropout / (1 - self.dropout) * squares_of(weighed)
        penalties = Penalties(on_squares, float(self.l1_reg), self.negative)
        most = by_user.shape[1] if self.n_neighbors is None else self.n_neighbors
        return elastic_net(weighed, penalties, Limits(most, self.epochs, TOLERANCE))

    def cost(self, size: Size) -> Cost:
        """What the penalties leave is not known before: as many numbers as usual."""
        numbers = DENSE_SHARE * size.n_items if on_gram(size) else min(SPARSE_NUMBERS, size.n_items)
        return descent_cost(size, numbers, TRIED)
