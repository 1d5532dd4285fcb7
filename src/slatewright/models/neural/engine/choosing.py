"""Which engine runs the networks: the one of ``KERAS_BACKEND``, else the first that is installed."""

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from types import ModuleType

from slatewright.core.errors import BadKnob, MissingExtra
from slatewright.core.extras import require

EXTRAS: Mapping[str, str] = {"jax": "neural", "torch": "torch", "tensorflow": "tensorflow"}  # the first is preferred


def keras_engine(why: str = "a neural model") -> ModuleType:
    """Keras on the engine of ``KERAS_BACKEND``, or on the first installed of JAX, PyTorch and TensorFlow.

    Raises:
        MissingExtra: Keras or the engine is not installed; the message has the pip line.
        BadKnob: ``KERAS_BACKEND`` names no engine of ours.
    """
    if "keras" not in sys.modules:  # Keras chooses once, when it is first imported
        os.environ["KERAS_BACKEND"] = wanted_engine(os.environ.get("KERAS_BACKEND"), why)
    return require("keras", extra="neural", why=why)


def wanted_engine(named: str | None, why: str) -> str:
    """The engine to use where ``KERAS_BACKEND`` says ``named``."""
    if named and named not in EXTRAS:
        raise BadKnob(f"KERAS_BACKEND must be one of {', '.join(EXTRAS)}, got {named!r}")
    engine = named or next((one for one in EXTRAS if find_spec(one) is not None), "jax")
    if find_spec(engine) is None:
        raise MissingExtra(f"{why} needs {engine}, which is not installed: pip install 'slatewright[{EXTRAS[engine]}]'")
    return engine
