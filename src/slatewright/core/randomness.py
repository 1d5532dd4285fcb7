"""Randomness comes in as an argument: a seed or a generator, never global state."""

from typing import TypeAlias

import numpy as np

Rng: TypeAlias = int | np.random.Generator


def generator(rng: Rng) -> np.random.Generator:
    """The generator itself, or a fresh one from a seed."""
    return rng if isinstance(rng, np.random.Generator) else np.random.default_rng(rng)
