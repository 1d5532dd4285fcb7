"""The knobs that all neural estimators share: how they are trained."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng

SCHEDULES = ("constant", "cosine")
PRECISIONS = ("float32", "bfloat16")

Epochs: TypeAlias = Annotated[int, Knob("most passes over the data", least=1, search=(5, 200))]
LearningRate: TypeAlias = Annotated[float, Knob("length of a step of Adam", above=0, most=10, search=(1e-4, 1e-2))]
Scheduled: TypeAlias = Annotated[
    str, Knob("constant, or cosine: the learning rate falls along half a cosine to 0", choices=SCHEDULES)
]


@dataclass(frozen=True)
class NeuralKnobs:
    """How a neural model is trained; an estimator derives from this and adds what it is made of."""

    epochs: Epochs = 20
    batch_size: Annotated[int, Knob("samples per step", least=1, search=(128, 8192))] = 1024
    learning_rate: LearningRate = 1e-3
    schedule: Scheduled = "constant"
    warm_up: Annotated[float, Knob("share of all steps in which the learning rate rises from 0", least=0, below=1)] = (
        0.0
    )
    weight_decay: Annotated[
        float, Knob("share of a weight that fades per step, times the learning rate", least=0, most=10, search=(0, 1))
    ] = 0.0
    clip_norm: Annotated[
        float | None, Knob("longer gradients are cut to this length; none: no cut", above=0, search=(0.1, 10))
    ] = None
    validation_share: Annotated[
        float,
        Knob("share of users whose latest event is held out to judge each epoch; 0: train on all", least=0, below=1),
    ] = 0.0
    patience: Annotated[
        int | None, Knob("epochs without a better validation after which training stops; none: never", least=1)
    ] = None
    precision: Annotated[
        str, Knob("numbers of the network's multiplications: float32, or bfloat16 (mixed)", choices=PRECISIONS)
    ] = "float32"
    checkpoints: Annotated[
        str | None, Knob("folder of the state after each epoch, from which a killed training goes on; none: no state")
    ] = None
    tables: Annotated[
        str | None, Knob("folder of files in which tables of vectors lie while they are trained; none: in memory")
    ] = None
    rng: Annotated[Rng, Knob("seed, or generator, of the first weights and of all draws")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def held(self, numbers: float) -> float:
        """Bytes of memory that tables of so many numbers take in a fit, the rows of the model included."""
        return numbers * (16.0 if self.tables is None else 8.0)
