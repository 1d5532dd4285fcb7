"""Scores of all pairs of some users' rows and some items' rows, by the network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import AroundNetwork, Spec
from slatewright.models.neural.runtime import Fitted, Graph
from slatewright.models.neural.task import Network, Tensor, Tensors

BLOCK = 1 << 18  # pairs at once


@dataclass(frozen=True, slots=True)
class PairScores(AroundNetwork):
    """Users (n, d) and items (1, m, d) in, scores (n, m) out."""

    def answer(self, network: Network, inputs: Tensors) -> Tensor:
        scores = network([inputs["user"], inputs["item"]], training=False)
        return keras_engine().ops.cast(scores, "float32")


def scores_of(spec: Spec, weights: Sequence[Array], users: Scores, items: Scores, graph: Graph | None = None) -> Scores:
    """Scores float32 (n, m) of rows float32 (n, d) and (m, d); ``graph`` is one of ``PairScores``."""
    out = np.empty((len(users), len(items)), dtype=np.float32)
    if not out.size:
        return out
    width = min(_power(len(items)), BLOCK)
    height = min(_power(len(users)), max(1, BLOCK // width))
    fitted = Fitted(spec, weights, graph)
    for right in range(0, len(items), width):
        columns = _filled(items[right : right + width], width)[None]
        for top in range(0, len(users), height):
            rows = _filled(users[top : top + height], height)
            found = fitted.answer(PairScores, {"user": rows, "item": columns})
            part = out[top : top + height, right : right + width]
            part[:] = found[: part.shape[0], : part.shape[1]]
    return out


def scoring(spec: Spec) -> Callable[[Scores, Scores, Sequence[Array]], Scores]:
    """Scores of rows of users, rows of items and weights of the network."""
    return lambda users, items, weights: scores_of(spec, weights, users, items)


def _power(n: int) -> int:
    """The next power of two: few different shapes, so few compilations."""
    return 1 << max(0, n - 1).bit_length()


def _filled(rows: Scores, n: int) -> Scores:
    """The rows, and zeros up to n of them."""
    if len(rows) == n:
        return np.ascontiguousarray(rows)
    filled = np.zeros((n, rows.shape[1]), dtype=np.float32)
    filled[: len(rows)] = rows
    return filled
