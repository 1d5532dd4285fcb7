"""The knobs of the estimators of pairs, in the groups in which they share them.

A dataclass begins with the last of its bases: an estimator names ``PairKnobs`` first, and what it is made of after it.
"""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from slatewright.core.knobs import Knob
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.pairs.objective import LOSSES, NEGATIVES

EmbeddingDim: TypeAlias = Annotated[int, Knob("numbers per user and item", least=1, most=4096, search=(16, 256))]
Loss: TypeAlias = Annotated[
    str,
    Knob("bce and mse judge single items, bpr pairs, softmax what was taken among all negatives", choices=LOSSES),
]
NegativesFrom: TypeAlias = Annotated[
    str, Knob("drawn for each; hard: the best of those; batch: what others took; shared: by a batch", choices=NEGATIVES)
]
NNegatives: TypeAlias = Annotated[int, Knob("items not taken, per item taken", least=1, most=65536, search=(1, 16))]
Reg: TypeAlias = Annotated[float, Knob("penalty on long rows", least=0, most=10, search=(1e-5, 0.1))]


@dataclass(frozen=True)
class Embedded(NeuralKnobs):
    """A row for each user and item, whose products tell what was taken."""

    embedding_dim: EmbeddingDim = 64


@dataclass(frozen=True)
class PairKnobs(NeuralKnobs):
    """What a model of pairs learns from: what was taken, against what was not."""

    loss: Loss = "bce"
    negatives_from: NegativesFrom = "drawn"
    n_negatives: NNegatives = 4
    negative_exponent: Annotated[
        float, Knob("items are drawn by (their users) ** this; 0: all alike; 1: by popularity", least=0, most=1)
    ] = 0.0
    unobserved_weight: Annotated[
        float | None,
        Knob(
            "for bce and mse: what each pair that was not taken counts; none: as often as it is drawn", above=0, most=1
        ),
    ] = None
    reg: Reg = 0.0
