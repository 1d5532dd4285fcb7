"""How the learning rate changes while training goes on."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rise from 0 over the share ``warm_up`` of all steps, then the full rate, or half a cosine down to 0."""

    learning_rate: float
    steps: int
    kind: str = "constant"
    warm_up: float = 0.0

    def at(self, step: int) -> float:
        """The learning rate of a step, from 0 on."""
        rise = self.warm_up * self.steps
        if step < rise:
            return self.learning_rate * (step + 1) / (rise + 1)
        if self.kind == "constant":
            return self.learning_rate
        done = min(1.0, (step - rise) / max(1.0, self.steps - rise))
        return self.learning_rate * 0.5 * (1 + math.cos(math.pi * done))
