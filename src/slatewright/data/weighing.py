"""What an event weighs: one rule for training, judging and serving."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.data.indexing import RATING
from slatewright.data.reading_log import read_dataset
from slatewright.events.log import EventLog


@dataclass(frozen=True)
class Weighing:
    """Weight of each kind of event (1 where ``weights`` says nothing, 0 leaves it out).

    A rating below ``positive_rating`` says that somebody did not like the item: it was seen, and weighs 0.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    positive_rating: float | None = None

    def __call__(self, kind: str, value: float) -> float | None:
        """The weight of one event; None leaves it out."""
        if kind == RATING and self.positive_rating is not None and value < self.positive_rating:
            return 0.0
        return self.weights.get(kind, 1.0) or None

    def read(self, log: EventLog, *, as_of: int | None = None, sessions: bool = False) -> Dataset:
        """What a log knew before ``as_of`` (µs UTC; default: all of it), weighed; ``sessions`` tells visits apart."""
        return read_dataset(
            log, as_of=as_of, weights=self.weights, positive_rating=self.positive_rating, sessions=sessions
        )


def weighing_of(weights: Mapping[str, object], ratings: Mapping[str, object], *, where: str) -> Weighing:
    """From the sections ``[weights]`` and ``[ratings]`` of the settings file ``where``.

    Raises:
        BadInput: a weight is not a finite number, or an unknown setting.
    """
    if unknown := set(ratings) - {"positive"}:
        raise BadInput(f"{where} [ratings]: there is no setting {min(unknown)!r}; it has positive")
    positive = {name: _number(value, f"{where} [ratings] {name}") for name, value in ratings.items()}
    return Weighing(
        {kind: _number(weight, f"{where} [weights] {kind}") for kind, weight in weights.items()},
        positive.get("positive"),
    )


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(f"{name} must be a finite number, got {value!r}")
    return float(value)
