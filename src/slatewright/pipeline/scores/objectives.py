"""What a learned score is to bring about, and what that is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.catalogue import Catalogue


@dataclass(frozen=True)
class Objective:
    """One thing that may become of a candidate: its chance times ``weight``, times a fact of the item, if
    one is named.

    ``Objective(("purchase",), worth="margin")`` is what a purchase earns.
    """

    kinds: Annotated[tuple[str, ...], Knob("kinds of event that count; none: whatever weighs more than 0")] = ()
    weight: Annotated[float, Knob("how much it counts against the other objectives")] = 1.0
    worth: Annotated[str | None, Knob("fact of the item that it is worth, such as its margin; none: 1")] = None

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def name(self) -> str:
        """What is taken: ``purchase``, ``view or cart``, ``anything``."""
        return " or ".join(self.kinds) or "anything"

    def worths(self, catalogue: Catalogue) -> Array:
        """What each item is worth here, float64 (n_items,); 0 where its fact is not known.

        Raises:
            BadInput: there is no such fact, or it is no number.
        """
        if self.worth is None:
            return np.full(len(catalogue), self.weight)
        if self.worth not in catalogue.facts.columns or not catalogue.facts[self.worth].dtype.is_numeric():
            numbers = [name for name, kind in catalogue.facts.schema.items() if kind.is_numeric()]
            raise BadInput(
                f"Objective.worth must be a fact of items that is a number ({', '.join(numbers) or 'there is none'}), "
                f"got {self.worth!r}"
            )
        worth = catalogue.facts[self.worth].cast(float).fill_null(0.0).to_numpy()
        return np.asarray(self.weight * np.nan_to_num(worth))


def distinct(objectives: Sequence[Objective]) -> dict[str, tuple[str, ...]]:
    """The kinds of event of each chance that must be learned, by name; objectives that differ in worth share one."""
    return {one.name: one.kinds for one in objectives}
