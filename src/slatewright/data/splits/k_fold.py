"""k-fold cross-validation: every event is test once. For ratings, where time is not the question."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.data.splits.fold import Fold, fold_of


@dataclass(frozen=True)
class KFold:
    """The rows in random parts of equal size; each part judges a model fitted on the others."""

    folds: Annotated[int, Knob("how many parts", least=2)] = 5
    validation_share: Annotated[
        float, Knob("share of the training events held back at random to choose knobs; 0: none", least=0, most=0.5)
    ] = 0.1
    rng: Annotated[int, Knob("seed of the shuffle", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        part = generator(self.rng).permutation(len(dataset.interactions)) % self.folds
        inner = KFold(round(1 / self.validation_share), 0.0, self.rng) if self.validation_share else None
        for fold in range(self.folds):
            yield fold_of(dataset, part != fold, part == fold, inner=inner)
