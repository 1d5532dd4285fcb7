"""What people who run the shop picked by hand."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from slatewright.core.arrays import Index
from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.lists import ShopLists
from slatewright.pipeline.sources.best import nothing
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class EditorialSource:
    """Propose a list that was made by hand, in its order: item ids in the recipe, or a list of the file ``lists.toml``.

    The server follows the file: a list that is changed there is proposed changed, without training.
    """

    items: Annotated[tuple[str, ...], Knob("ids of the items, best first")] = ()
    named: Annotated[str | None, Knob("name of a list in lists.toml in the shop's folder, in place of items")] = None
    surface: Annotated[str | None, Knob("propose it on this surface only; none: everywhere")] = None
    limit: Annotated[int, Knob("how many items to propose", least=1)] = 50
    name: str = "editorial"

    def __post_init__(self) -> None:
        check_knobs(self)
        if bool(self.items) == (self.named is not None):
            raise BadKnob("EditorialSource must be given either items or the name of a list, got both or neither")

    def bind(self, world: World) -> Source:
        """Look the items up; those that the shop does not have are left out."""
        found, _ = world.catalogue.items.locate(list(dict.fromkeys(self.items)))
        return _Bound(self, self.name, found, world.lists)


@dataclass(frozen=True)
class _Bound:
    knobs: EditorialSource
    name: str
    items: Index
    lists: ShopLists
    in_memory: ClassVar[bool] = True

    def propose(self, query: Query) -> Proposal:
        if self.knobs.surface not in {None, query.surface}:
            return nothing()
        items = self.items if self.knobs.named is None else self.lists.of(self.knobs.named)
        items = items[: self.knobs.limit]
        return Proposal(items, (1 / np.arange(1, len(items) + 1)).astype(np.float32))
