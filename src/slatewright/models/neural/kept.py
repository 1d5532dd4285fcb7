"""The weights of a network among the arrays of a bundle."""

from collections.abc import Sequence

import numpy as np

from slatewright.core.arrays import Array, Arrays


def kept_weights(weights: Sequence[Array]) -> dict[str, Array]:
    """``w0``, ``w1``, .. in the order of ``network.variables``."""
    return {f"w{at}": np.asarray(one) for at, one in enumerate(weights)}


def weights_kept(arrays: Arrays) -> list[Array]:
    """The weights again."""
    return [arrays[f"w{at}"] for at in range(sum(name[0] == "w" and name[1:].isdigit() for name in arrays))]
