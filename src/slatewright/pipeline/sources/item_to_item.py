"""What goes with the last things this user had in hand."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from slatewright.core.knobs import Knob, check_knobs
from slatewright.models.model import Model
from slatewright.models.shapes import ItemPairs
from slatewright.models.topk import FEW_ROWS
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.sources.best import arranged, nothing
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class ItemToItemSource:
    """Propose the items most similar to the last items of the history; similarities of one item add up."""

    model: Annotated[str, Knob("name of an estimator of the recipe, asked for similar items", names_estimators=True)]
    last: Annotated[int, Knob("how many of the last items of the history to start from", least=1)] = 10
    limit: Annotated[int, Knob("how many similar items to take for each", least=1)] = 30

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Source:
        """Look the model up."""
        model = world.model(self.model, asked_by=f"ItemToItemSource({self.model!r})")
        return _Bound(f"similar by {self.model}", model, self.last, self.limit)


@dataclass(frozen=True)
class _Bound:
    name: str
    model: Model
    last: int
    limit: int
    in_memory: ClassVar[bool] = True

    def propose(self, query: Query) -> Proposal:
        if query.is_newcomer:
            return nothing()
        last = query.history.items[query.history.weights > 0][-self.last :]
        recent = np.array(sorted(set(last.tolist())), dtype=np.int32)
        if isinstance(self.model, ItemPairs):
            return arranged(*self.model.nearby(recent, self.limit))
        # A few rows at a time: the models answer those on this thread, without waiting for other requests.
        blocks = [recent[at : at + FEW_ROWS] for at in range(0, len(recent), FEW_ROWS)]
        answers = [self.model.similar(block, self.limit) for block in blocks]
        items = np.concatenate([found for found, _ in answers])  # (n_recent, k)
        scores = np.concatenate([likeness for _, likeness in answers])
        useful = scores > 0
        found, place = np.unique(items[useful], return_inverse=True)
        total = np.bincount(place, scores[useful], minlength=len(found)).astype(np.float32)
        return arranged(found.astype(np.int32), total)
