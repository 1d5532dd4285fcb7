"""What answers for a fitted network: ONNX Runtime where its graph is at hand, else the engine of this process."""

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from typing import Annotated, Any, Protocol, Self

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.errors import BadBundle, BadKnob
from slatewright.core.extras import require
from slatewright.core.knobs import Knob, check_knobs
from slatewright.models.neural.engine import chosen_engine
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.task import Call

NAMES: Mapping[str, str] = {  # ours, and those of ONNX Runtime
    "TensorRT": "TensorrtExecutionProvider",
    "CUDA": "CUDAExecutionProvider",
    "CPU": "CPUExecutionProvider",
}
PROVIDERS = ("CUDA", "CPU")
FATAL = 4  # of the levels of ONNX Runtime's log


@dataclass(frozen=True)
class RuntimeKnobs:
    """Section ``[networks]`` of the settings: what runs the networks of bundles that are trained from now on."""

    providers: Annotated[
        tuple[str, ...],
        Knob("what ONNX Runtime runs networks on, the first that is there: TensorRT, CUDA or CPU"),
    ] = PROVIDERS

    def __post_init__(self) -> None:
        check_knobs(self)
        strange = [one for one in self.providers if one not in NAMES]
        if strange or not self.providers:
            raise BadKnob(f"RuntimeKnobs.providers must be some of {', '.join(NAMES)}, got {list(self.providers)}")


class Runner(Protocol):
    """Anything with the ``answer`` of an engine."""

    def answer(self, call: Call, weights: Sequence[Array], inputs: Mapping[str, Array]) -> Array:
        """What a network says to inputs by name."""


@dataclass(frozen=True, eq=False)
class Graph:
    """``onnx`` uint8 is a file of ONNX with its weights inside; it runs on the first of ``providers`` that is there."""

    onnx: Array
    providers: tuple[str, ...] = PROVIDERS

    def answer(self, call: Call, weights: Sequence[Array], inputs: Mapping[str, Array]) -> Array:
        """See ``Runner``; the call and the weights are those that the graph was made of."""
        known = {name: one for name, one in inputs.items() if name in self._asked}
        answer: Array = self._session.run(None, known)[0]
        return answer

    @cached_property
    def _session(self) -> Any:
        """Opened once. On one thread: a server brings its own threads, one per request.

        Raises:
            BadBundle: no graph, or one that looks for numbers in other files.
        """
        runtime = require("onnxruntime", extra="onnx", why="a graph of ONNX")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        there = set(runtime.get_available_providers())
        chosen = list(dict.fromkeys(NAMES[one] for one in (*self.providers, "CPU") if NAMES.get(one) in there))
        options.log_severity_level = FATAL  # what is wrong is told once, by the error
        try:
            session = runtime.InferenceSession(self.onnx.tobytes(), options, providers=chosen)
        except Exception as error:  # ONNX Runtime has a class of its own for every kind of damage
            raise BadBundle(
                f"ONNX Runtime cannot read the graph of a network ({error}); train or export again"
            ) from error
        _warn_of_another(chosen[0], session.get_providers()[0])
        return session

    @cached_property
    def _asked(self) -> frozenset[str]:
        return frozenset(one.name for one in self._session.get_inputs())

    def arrays(self) -> dict[str, Array]:
        """For a bundle."""
        providers = np.frombuffer(json.dumps(self.providers).encode(), dtype=np.uint8)
        return {"graph/onnx": self.onnx, "graph/providers": providers}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Self | None:
        """The graph among the arrays of a model, None where it has none."""
        if "graph/onnx" not in arrays:
            return None
        return cls(arrays["graph/onnx"], tuple(json.loads(bytes(arrays["graph/providers"]))))


@dataclass(frozen=True, eq=False)
class Fitted:
    """A network with what it learned, and its graph where one was made of it."""

    spec: Spec
    weights: Sequence[Array]
    graph: Graph | None = None

    def answer(self, call: Callable[[Spec], Call], inputs: Mapping[str, Array]) -> Array:
        """What it says to inputs by name; a graph is one of this very call."""
        return runner(self.graph).answer(call(self.spec), self.weights, inputs)


def _warn_of_another(wanted: str, started: str) -> None:
    """Warn where ONNX Runtime has what was wanted and could not start it, which its silenced log would say."""
    if started != wanted:
        warnings.warn(
            f"ONNX Runtime cannot start {wanted} here, so {started} answers: look whether its libraries are installed, "
            "or name other providers in section [networks] and train again",
            stacklevel=2,
        )


def runner(graph: Graph | None) -> Runner:
    """The graph where there is one and ONNX Runtime to run it, else the engine."""
    return chosen_engine() if graph is None or not _runtime_is_there() else graph


@lru_cache(maxsize=1)
def _runtime_is_there() -> bool:
    return find_spec("onnxruntime") is not None
