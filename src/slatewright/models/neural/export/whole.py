"""What is exported: a call with everything that it knows, and how it may be asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from slatewright.core.arrays import Array
from slatewright.models.neural.export.calls import CALLS
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.task import Call

Axes = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True)
class Whole:
    """``call`` is a name of ``CALLS``; its network has the ``spec`` and the ``weights``.

    ``tables`` go into the graph beside the weights. ``inputs`` are examples of what it is asked, of which ``axes`` says
    by name which axes may have any length, and what they are called: equal names, equal lengths. ``outputs`` names
    what it says, in order.
    """

    call: str
    spec: Spec
    weights: list[Array]
    inputs: Mapping[str, Array]
    axes: Axes
    outputs: tuple[str, ...]
    tables: Mapping[str, Array] = field(default_factory=dict)

    def made(self) -> Call:
        """The call itself."""
        return CALLS[self.call](self.spec)

    def save(self, path: Path) -> None:
        """Write everything into one file."""
        about = {
            "call": self.call,
            "spec": [self.spec.name, self.spec.sizes, self.spec.precision],
            "axes": {name: {str(at): axis for at, axis in axes.items()} for name, axes in self.axes.items()},
            "outputs": self.outputs,
        }
        arrays: dict[str, Any] = {f"weight_{at}": one for at, one in enumerate(self.weights)}
        arrays |= {f"input_{name}": one for name, one in self.inputs.items()}
        arrays |= {f"table_{name}": one for name, one in self.tables.items()}
        np.savez(path, about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8), **arrays)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read it back."""
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        about = json.loads(bytes(arrays.pop("about")))

        def part(prefix: str) -> dict[str, Array]:
            return {name.removeprefix(prefix): one for name, one in arrays.items() if name.startswith(prefix)}

        weights = part("weight_")
        return cls(
            about["call"],
            Spec(*about["spec"]),
            [weights[str(at)] for at in range(len(weights))],
            part("input_"),
            {name: {int(at): axis for at, axis in axes.items()} for name, axes in about["axes"].items()},
            tuple(about["outputs"]),
            part("table_"),
        )
