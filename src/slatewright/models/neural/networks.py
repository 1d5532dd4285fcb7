"""Networks by name: the one place where the name of a network becomes layers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.errors import BadBundle
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.facts import networks as facts
from slatewright.models.neural.facts.interaction_towers import interaction_towers
from slatewright.models.neural.pairs import networks as pairs
from slatewright.models.neural.sequences.network import sasrec

Sizes = Mapping[str, Any]

# Builders take the sizes and a dtype policy ("float32", "mixed_bfloat16") and give a built Keras model. They import
# Keras when they are called, never before.
NETWORKS: Mapping[str, Callable[[Sizes, str], Any]] = {
    "content": facts.content,
    "deep_cross": facts.deep_cross,
    "dot": pairs.dot,
    "interaction_towers": interaction_towers,
    "neumf": pairs.neumf,
    "sasrec": sasrec,
    "towers": facts.towers,
    "wide_and_deep": facts.wide_and_deep,
}

SEEDS = 2**29  # seed and counter are added on PyTorch, in 32 bits
POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}  # by the knob ``precision``


@dataclass(frozen=True, slots=True)
class Spec:
    """Which network, and how large: ``Spec.of("mlp", layers=[64, 32])``; ``sizes`` is JSON, so a spec is hashable."""

    name: str
    sizes: str = "{}"
    precision: str = "float32"

    @classmethod
    def of(cls, name: str, precision: str = "float32", **sizes: Any) -> Self:
        """From plain numbers, texts and lists of them."""
        return cls(name, json.dumps(sizes, sort_keys=True), precision)

    def network(self) -> Any:
        """The built network; the same object each time, so its own weights mean nothing."""
        return _template(self)

    def initial(self, rng: np.random.Generator) -> list[Array]:
        """Fresh weights of the network in the order of ``network.variables``; the same on every engine."""
        return [_first(one, rng) for one in self.network().variables]

    def array(self) -> Array:
        """The spec for a bundle, uint8."""
        return np.frombuffer(json.dumps([self.name, self.sizes, self.precision]).encode(), dtype=np.uint8)

    @classmethod
    def from_array(cls, array: Array) -> Self:
        """The spec again."""
        return cls(*json.loads(bytes(array)))


@dataclass(frozen=True, slots=True)
class AroundNetwork:
    """What is compiled around the network of a spec, to learn or to answer: see ``Objective`` and ``Call``."""

    spec: Spec

    def network(self) -> Any:
        """See ``Spec.network``."""
        return self.spec.network()


def built(spec: Spec) -> Any:
    """A new network of a spec.

    Raises:
        BadBundle: no network has that name.
    """
    if spec.name not in NETWORKS:
        raise BadBundle(f"there is no network {spec.name!r}; is the bundle from a newer version?")
    return NETWORKS[spec.name](json.loads(spec.sizes), POLICIES[spec.precision])


@lru_cache(maxsize=64)
def _template(spec: Spec) -> Any:
    return built(spec)


def _first(variable: Any, rng: np.random.Generator) -> Array:
    """Matrices by Glorot and Bengio (Understanding the difficulty of training deep feedforward neural networks, AISTATS
    2010), seeds at random, everything else (biases, gains) as its layer has it.

    A seed and its counter are integers of another kind on each engine, signed ones among them: both begin small enough
    for all, so that equal numbers are drawn everywhere, and no two layers share their masks.
    """
    shape, kind = tuple(variable.shape), np.dtype(variable.dtype)
    if np.issubdtype(kind, np.integer):
        return rng.integers(SEEDS, size=shape, dtype=np.int32).astype(kind)
    if len(shape) < 2 or not variable.trainable:
        return np.array(keras_engine().ops.convert_to_numpy(variable.value))
    most = np.sqrt(6 / (np.prod(shape[:-1]) + shape[-1]))
    return rng.uniform(-most, most, shape).astype(np.float32)
