"""Boosted trees as arrays, and the kernel that reads them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import lazy_loader
import numpy as np

from slatewright.core.arrays import Array, Arrays, Scores
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.models.rankers.nodes import Nodes, nodes_of

lightgbm = lazy_loader.load("lightgbm")  # a second to load: only where something is taught or explained


@dataclass(frozen=True)
class Trees:
    """Boosted trees, kept as the text that LightGBM writes: ``text`` uint8 (bytes,).

    A mark is computed here, equal to LightGBM's own to the last digits, without loading LightGBM.
    """

    text: Array
    kind: ClassVar[str] = "trees"

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """The trees again, from arrays that may be memory-mapped."""
        return cls(arrays["text"])

    def arrays(self) -> Arrays:
        """The text."""
        return {"text": self.text}

    @cached_property
    def nodes(self) -> Nodes:
        """The trees laid out for the kernel."""
        return nodes_of(bytes(self.text).decode())

    def mark(self, values: Scores) -> Array:
        """The sum of the leaves that each row falls into, float64 (rows,).

        Raises:
            BadInput: there are other than the features that the trees were learned from.
        """
        nodes = self.nodes
        self._check(values)
        marks = np.zeros(len(values))
        if len(nodes.roots):
            spread = _spread(np.ascontiguousarray(values, dtype=np.float32))
            _mark(
                spread, nodes.features, nodes.thresholds, nodes.children, nodes.leaves, nodes.roots, nodes.depths, marks
            )
        return marks

    def parts(self, values: Scores) -> Array:
        """SHAP values of the rows and the base, float64 (rows, features + 1), by LightGBM.

        Lundberg and others: From local explanations to global understanding with explainable AI for trees (Nature
        Machine Intelligence 2020).
        """
        self._check(values)
        if len(values) == 0:
            return np.zeros((0, self.nodes.n_features + 1))
        booster = lightgbm.Booster(model_str=bytes(self.text).decode())
        found = booster.predict(values.astype(np.float64), pred_contrib=True, num_threads=1)
        return np.asarray(found, dtype=np.float64)

    def _check(self, values: Scores) -> None:
        if values.ndim != 2 or values.shape[1] != self.nodes.n_features:
            raise BadInput(f"the trees were learned from {self.nodes.n_features} features, got an array {values.shape}")


@kernel()
def _spread(values: Any) -> Any:
    """Each row twice, nothing known as the lowest number, then as the highest: a node reads the half that sends
    nothing known its way. float32 (rows, 2 features)."""
    n, width = values.shape
    out = np.empty((n, 2 * width), np.float32)
    for row in range(n):
        for at in range(width):
            value = values[row, at]
            known = value == value
            out[row, at] = value if known else np.float32(-np.inf)
            out[row, at + width] = value if known else np.float32(np.inf)
    return out


@kernel(inline=True)
def _next(node: Any, row: Any, flat: Any, features: Any, thresholds: Any, children: Any) -> Any:
    """Where a row goes from a node. Numbers without a sign spare the look whether an index counts from the end."""
    return np.uint64(children[node]) + np.uint64(flat[row + np.uint64(features[node])] > thresholds[node])


@kernel()
def _mark(
    spread: Any, features: Any, thresholds: Any, children: Any, leaves: Any, roots: Any, depths: Any, marks: Any
) -> None:
    """Eight rows walk each tree side by side without a branch: their waits for memory overlap. A leaf leads to
    itself, so every row takes as many steps as its tree is deep."""
    n, flat, width = len(spread), spread.ravel(), np.uint64(spread.shape[1])
    for tree in range(len(roots)):
        root, depth = np.uint64(roots[tree]), depths[tree]
        row = 0
        while row + 8 <= n:
            a = b = c = d = e = f = g = h = root
            at = np.uint64(row) * width
            for _ in range(depth):
                a = _next(a, at, flat, features, thresholds, children)
                b = _next(b, at + width, flat, features, thresholds, children)
                c = _next(c, at + np.uint64(2) * width, flat, features, thresholds, children)
                d = _next(d, at + np.uint64(3) * width, flat, features, thresholds, children)
                e = _next(e, at + np.uint64(4) * width, flat, features, thresholds, children)
                f = _next(f, at + np.uint64(5) * width, flat, features, thresholds, children)
                g = _next(g, at + np.uint64(6) * width, flat, features, thresholds, children)
                h = _next(h, at + np.uint64(7) * width, flat, features, thresholds, children)
            marks[row] += leaves[a]
            marks[row + 1] += leaves[b]
            marks[row + 2] += leaves[c]
            marks[row + 3] += leaves[d]
            marks[row + 4] += leaves[e]
            marks[row + 5] += leaves[f]
            marks[row + 6] += leaves[g]
            marks[row + 7] += leaves[h]
            row += 8
        while row < n:
            a = root
            for _ in range(depth):
                a = _next(a, np.uint64(row) * width, flat, features, thresholds, children)
            marks[row] += leaves[a]
            row += 1
