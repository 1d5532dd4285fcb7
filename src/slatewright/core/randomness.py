"""Randomness comes in as an argument: a seed or a generator, never global state."""

from typing import TypeAlias

import numpy as np

from slatewright.core.errors import BadKnob

Rng: TypeAlias = int | np.random.Generator


def generator(rng: Rng) -> np.random.Generator:
    """The generator itself, or a fresh one from a seed.

    Raises:
        BadKnob: the seed is below 0.
    """
    if isinstance(rng, int) and rng < 0:
        raise BadKnob(f"rng must be a generator or a seed >= 0, got {rng}")
    return rng if isinstance(rng, np.random.Generator) else np.random.default_rng(rng)
