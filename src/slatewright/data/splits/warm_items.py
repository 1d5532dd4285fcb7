"""Some items are test: training knows their facts and not one of their events."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Index, Mask
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.data.splits.cases import Cases, cases_of
from slatewright.data.splits.fold import Fold
from slatewright.data.splits.matching import in_visits_of
from slatewright.data.splits.protocol import Order, Protocol

WARM_ITEMS = Protocol("warm-items", "which of the items that nobody has taken yet?", Order.NONE, whole_maps=True)


@dataclass(frozen=True)
class WarmItems:
    """Test items drawn at random; each user with other events is asked which of the test items it took.

    Id maps and facts of the training set are those of the whole: the test items are there, warm. Ask for them alone
    (``warm_items(fold)`` as candidates): next to items with events the question would be another one.
    """

    test_share: Annotated[float, Knob("share of the items that is test", above=0, below=1)] = 0.2
    least_events: Annotated[int, Knob("an item with fewer events is never test", least=1)] = 5
    validation_share: Annotated[
        float, Knob("share of the other items held back the same way to choose knobs; 0: none", least=0, below=1)
    ] = 0.2
    rng: Annotated[int, Knob("seed of the draw", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        """One fold.

        Raises:
            BadInput: no item has enough events, or nobody who took a test item took another one.
        """
        table = dataset.interactions
        counts = np.bincount(table.item, minlength=dataset.n_items)
        eligible = np.flatnonzero(counts >= self.least_events)
        if not len(eligible):
            raise BadInput(
                f"WarmItems.least_events must be at most {counts.max(initial=0)}, the most events that an item has, "
                f"got {self.least_events}"
            )
        drawn = generator(self.rng).permutation(len(eligible))[: max(1, round(self.test_share * len(eligible)))]
        held_out = np.isin(table.item, eligible[drawn])
        train = _without(dataset, held_out | in_visits_of(table, ~held_out, held_out))
        test = _with_history(cases_of(train, dataset, held_out, as_of=dataset.as_of))
        if not len(test):
            raise BadInput("the test part of the split is empty: nobody who took a test item took another one")
        inner = WarmItems(self.validation_share, self.least_events, 0.0, self.rng) if self.validation_share else None
        protocol = WARM_ITEMS.with_knobs(self)
        yield Fold(train, test, None if inner is None else next(inner.split(train)), protocol)


def warm_items(fold: Fold) -> Index:
    """The items that the cases of a fold ask for and that training has no event of, int32, in order."""
    asked = np.unique(fold.test.relevant)
    return asked[~fold.test.hot[asked]].astype(np.int32)


def _without(dataset: Dataset, rows: Mask) -> Dataset:
    """The data set without some of its events, its users, items and facts as they are."""
    return replace(dataset, interactions=dataset.interactions.take(~rows), version=f"{dataset.version} part".strip())


def _with_history(cases: Cases) -> Cases:
    return cases.take(np.flatnonzero(cases.histories.lengths() > 0))
