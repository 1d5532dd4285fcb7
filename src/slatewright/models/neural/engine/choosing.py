"""Which engine runs the networks: the one of ``KERAS_BACKEND``, else the first that is installed."""

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from types import ModuleType

from slatewright.core.errors import BadKnob, MissingExtra
from slatewright.core.extras import require

QUIET = (
    "TF_CPP_MIN_LOG_LEVEL",
    "3",
)  # without it TensorFlow lists processors and missing drivers; faults are exceptions
EXTRAS: Mapping[str, str] = {"jax": "neural", "torch": "torch", "tensorflow": "tensorflow"}  # the first is preferred


def keras_engine(why: str = "a neural model") -> ModuleType:
    """Keras on the engine of ``KERAS_BACKEND``, or on the first installed of JAX, PyTorch and TensorFlow.

    Raises:
        MissingExtra: Keras or the engine is not installed; the message has the pip line.
        BadKnob: ``KERAS_BACKEND`` names no engine of ours.
    """
    if not engine_runs():  # Keras chooses once, when it is first imported
        wanted = wanted_engine(os.environ.get("KERAS_BACKEND"), why)
        os.environ["KERAS_BACKEND"] = wanted
        if wanted == "tensorflow":
            os.environ.setdefault(*QUIET)
    named = os.environ.get("KERAS_BACKEND", "")  # none where Keras was imported before, and took what its own file says
    return require("keras", extra=EXTRAS.get(named, "neural"), why=why)


def engine_runs() -> bool:
    """Whether this process has started an engine."""
    return "keras" in sys.modules


def wanted_engine(named: str | None, why: str) -> str:
    """The engine to use where ``KERAS_BACKEND`` says ``named``."""
    if named and named not in EXTRAS:
        raise BadKnob(f"KERAS_BACKEND must be one of {', '.join(EXTRAS)}, got {named!r}")
    installed = [one for one in EXTRAS if find_spec(one) is not None]
    if not named and not installed:
        others = "or, instead of JAX, slatewright[torch] or slatewright[tensorflow]"
        raise MissingExtra(f"{why} needs jax, which is not installed: pip install 'slatewright[neural]' ({others})")
    if named and named not in installed:
        here = f", or unset KERAS_BACKEND to take {installed[0]}" if installed else ""
        line = f"pip install 'slatewright[{EXTRAS[named]}]'"
        raise MissingExtra(f"{why} needs {named}, which KERAS_BACKEND names and is not installed: {line}{here}")
    return named or installed[0]
