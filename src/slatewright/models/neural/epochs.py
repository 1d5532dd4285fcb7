"""How the training of a neural model went, epoch by epoch, read from the fitted model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self, runtime_checkable

from slatewright.core.arrays import Scores
from slatewright.models.model import Model
from slatewright.models.shapes.blend import Blend

BARS = "▁▂▃▄▅▆▇█"
MOST_BARS = 32


@runtime_checkable
class _Trained(Protocol):
    """What was trained in epochs: ``learning_curve`` float32 (epochs, 2 or 3), see ``Trained``."""

    @property
    def learning_curve(self) -> Scores: ...


@dataclass(frozen=True, slots=True)
class EpochCurve:
    """The mean loss of each epoch, and the validation where anything was held out; higher validations are better."""

    losses: tuple[float, ...]
    validations: tuple[float, ...] = ()

    @classmethod
    def of(cls, learning_curve: Scores) -> Self:
        """From float (epochs, 2 or 3): epoch, loss, validation; six digits are kept."""
        return cls(*(tuple(told(value) for value in column) for column in learning_curve.T[1:].tolist()))

    @classmethod
    def from_card(cls, card: Mapping[str, Any]) -> Self:
        """From what ``on_card`` made."""
        return cls(tuple(card["loss"]), tuple(card.get("validation", ())))

    @property
    def best(self) -> int:
        """The epoch, from 1, whose weights the model has: the first of the best, or the last where nothing judged."""
        if not self.validations:
            return len(self.losses)
        return 1 + self.validations.index(max(self.validations))

    @property
    def summary(self) -> str:
        """``12 epochs, loss 4.21 to 2.31, best validation 0.183 in epoch 9``."""
        n, first, last = len(self.losses), self.losses[0], self.losses[-1]
        losses = f"{n} epochs, loss {first:.3g} to {last:.3g}" if n > 1 else f"1 epoch, loss {last:.3g}"
        if not self.validations:
            return losses
        return f"{losses}, best validation {max(self.validations):.3g} in epoch {self.best}"

    @property
    def unfinished(self) -> bool:
        """Whether the last epoch was the best of several."""
        return len(self.validations) > 1 and self.best == len(self.losses)

    @property
    def advice(self) -> str:
        """What to turn, or what was done; a sentence."""
        if len(self.losses) > 1 and self.losses[-1] > self.losses[0]:
            return "The loss rose: turn learning_rate down."
        if not self.validations:
            return "Nothing was held out to judge epochs by; validation_share says how much is."
        if self.best == len(self.losses):
            return "The last epoch was the best: more epochs may help."
        return f"Later epochs were worse; the model has the weights of epoch {self.best}."

    @property
    def sparkline(self) -> str:
        """The validations, or the losses where there are none, as bars of text; of many epochs some."""
        values = self.validations or self.losses
        step = max(1, -(-len(values) // MOST_BARS))
        some = values[::-step][::-1]  # the last epoch is one of them
        low, reach = min(some), (max(some) - min(some)) or 1.0
        return "".join(BARS[round((value - low) / reach * (len(BARS) - 1))] for value in some)

    @property
    def on_card(self) -> dict[str, list[float]]:
        """For the card of a bundle: every loss, and every validation where there are some."""
        return {"loss": list(self.losses)} | ({"validation": list(self.validations)} if self.validations else {})

    @property
    def numbers(self) -> dict[str, float]:
        """For a record: how many epochs, the last loss, the best epoch and its validation."""
        numbers: dict[str, float] = {"epochs": len(self.losses), "loss": self.losses[-1]}
        return numbers | ({"best_epoch": self.best, "validation": max(self.validations)} if self.validations else {})


def told(value: float) -> float:
    """The six digits of a loss or a validation that people are told, and epochs are judged by."""
    return float(f"{value:.6g}")


def epoch_curves(models: Mapping[str, Model]) -> dict[str, EpochCurve]:
    """The curves of all models that were trained in epochs, by name; a blend has those of its parts."""
    return {name: curve for pair in models.items() for name, curve in _curves(*pair)}


def _curves(name: str, model: Model) -> Iterator[tuple[str, EpochCurve]]:
    if isinstance(model, Blend):
        for at, part in enumerate(model.parts, 1):
            yield from _curves(f"{name}, part {at}", part)
    elif isinstance(model, _Trained) and len(model.learning_curve):
        yield name, EpochCurve.of(model.learning_curve)
