"""What is bought together with what is in the basket."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from slatewright.core.arrays import Index, Scores
from slatewright.core.clock import MICROSECONDS_PER_SECOND
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.membership import among
from slatewright.data.histories import Histories
from slatewright.models.shapes import ItemPairs
from slatewright.models.shapes.item_rules import ItemRules
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.sources.best import best_of, nothing
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class BoughtTogetherSource:
    """Propose what goes with the basket: with what was put into it or bought just now, and with what is in hand.

    What is in hand are the items that the request itself names. Without a basket nothing is proposed.
    """

    model: Annotated[
        str,
        Knob(
            "name of an estimator of the recipe that learns rules or pairs of items (AssociationRules, ItemKNN)",
            names_estimators=True,
            learns=(ItemRules, ItemPairs),
        ),
    ]
    kinds: Annotated[tuple[str, ...], Knob("kinds of events that put an item into the basket")] = ("cart", "purchase")
    hours: Annotated[float, Knob("how long an item is in the basket after that", above=0)] = 12.0
    limit: Annotated[int, Knob("how many items to propose", least=1)] = 50
    name: str = "bought together"

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Source:
        """Look the model up.

        Raises:
            BadInput: it learns neither rules nor pairs.
        """
        asked_by = f"BoughtTogetherSource({self.model!r})"
        model = world.model(self.model, asked_by=asked_by)
        if not isinstance(model, ItemRules | ItemPairs):
            raise BadInput(f"{asked_by} must name an estimator of rules or pairs, got one that learns {model.shape}")
        return _Bound(self, self.name, model)


@dataclass(frozen=True)
class _Bound:
    knobs: BoughtTogetherSource
    name: str
    model: ItemRules | ItemPairs
    in_memory: ClassVar[bool] = True

    def propose(self, query: Query) -> Proposal:
        basket = self._basket(query)
        if len(basket.items) == 0:
            return nothing()
        items, scores = self._beside(basket)
        others = ~among(items, basket.items, len(self.model.prior))
        return best_of(items[others], scores[others], self.knobs.limit)

    def _basket(self, query: Query) -> Histories:
        history = query.history
        since = query.now - int(self.knobs.hours * 3600 * MICROSECONDS_PER_SECOND)
        put = history.of_kind(*self.knobs.kinds) & (history.times > since)
        return history.only((put | (history.times == query.now)) & (history.weights > 0))

    def _beside(self, basket: Histories) -> tuple[Index, Scores]:
        if isinstance(self.model, ItemPairs):
            return self.model.nearby(np.unique(basket.items), self.knobs.limit + len(basket.items))
        said = self.model.fired(basket)[0]
        items = np.flatnonzero(said).astype(np.int32)
        return items, said[items]
