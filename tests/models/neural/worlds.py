"""A tiny task for the tests of training: two tables, no network weights, a validation that follows a script."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from slatewright.core.arrays import Array
from slatewright.models.neural.batch import Batch, dealt
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.tables import Table

SPEC = Spec.of("neumf", gmf=2, mlp=0, layers=[], dropout=0.0)


@dataclass(frozen=True)
class Squares:
    """The score of pair (u, i) shall be 1 where both are even or both odd, else 0; times ``factor``."""

    factor: float = 1.0

    def network(self) -> Any:
        return SPEC.network()

    def loss(self, network: Any, vectors: Mapping[str, Any], inputs: Mapping[str, Any], training: bool) -> Any:
        scores = network([vectors["user"], vectors["item"]], training=training)[:, 0]
        return keras_engine().ops.square(scores - inputs["wanted"]) * self.factor


@dataclass
class Alike:
    """See ``Task``; ``marks`` are what the validations say, in turn; none: nothing is held out."""

    marks: Sequence[float] = ()
    objective: Squares = field(default_factory=Squares)
    n: int = 8
    batch_size: int = 16
    seen: list[np.ndarray[Any, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(1)
        self.tables = {name: Table.drawn(self.n, 2, rng, 0.5) for name in ("users", "items")}
        self.weights: Sequence[Array] = SPEC.initial(rng)
        self.roles = {"user": "users", "item": "items"}

    @property
    def steps(self) -> int:
        return -(-self.n * self.n // self.batch_size)

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        for chosen, weights in dealt(self.n * self.n, self.batch_size, rng):
            user, item = (one.astype(np.int32) for one in np.divmod(chosen, self.n))
            wanted = (user % 2 == item % 2).astype(np.float32)
            yield Batch({"user": user, "item": item[:, None]}, weights, {"wanted": wanted})

    def validation(self, weights: Sequence[Array]) -> float | None:
        self.seen.append(self.tables["users"].rows.copy())
        return self.marks[len(self.seen) - 1] if self.marks else None
