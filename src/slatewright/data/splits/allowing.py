"""Another split, some of whose leaks are known and allowed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.data.splits.fold import Fold, Split
from slatewright.data.splits.protocol import check_names


@dataclass(frozen=True)
class Allowing:
    """Another split, whose folds may fail some checks of the audit: the evaluation goes on, and says so."""

    base: Split
    allow: Annotated[
        tuple[str, ...], Knob("checks of the audit that may fail: the evaluation goes on, and says so")
    ] = ()

    def __post_init__(self) -> None:
        check_knobs(self)
        check_names(self.allow)

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        """The folds of the other split, and what they are allowed."""
        yield from map(self.changed, self.base.split(dataset))

    def changed(self, fold: Fold) -> Fold:
        """One fold, with what it is allowed."""
        return fold.allowing(*self.allow)
