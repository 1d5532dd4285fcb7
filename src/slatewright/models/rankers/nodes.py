"""The nodes of boosted trees, read from the text that LightGBM writes and laid out for a walk without branches."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from slatewright.core.arrays import Array, Index
from slatewright.core.errors import BadInput

LARGEST = np.finfo(np.float32).max
CATEGORICAL, DEFAULT_LEFT, MISSING_IS_NAN = 1, 2, 2  # bits of LightGBM's decision_type


@dataclass(frozen=True)
class Nodes:
    """All nodes of all trees end to end, each array (nodes,), each tree from its root downwards.

    A row goes from a node to ``children`` uint32, or to the one behind it where the value of ``features`` uint32 is
    above ``thresholds`` float32; a leaf leads to itself. A feature beyond ``n_features`` is the same one read from the
    half in which nothing known is the highest number. ``leaves`` float64 is what a leaf adds, 0 elsewhere. ``roots``
    and ``depths``, uint32 and int32 (trees,).
    """

    n_features: int
    features: Array
    thresholds: Array
    children: Array
    leaves: Array
    roots: Array
    depths: Index


def nodes_of(text: str) -> Nodes:
    """Lay the trees out.

    Raises:
        BadInput: the text is none of LightGBM's, or has splits that are not of numbers.
    """
    head, *trees = text.split("\nTree=")
    told = _fields(head)
    if "max_feature_idx" not in told:
        raise BadInput("these are no boosted trees: the text has no max_feature_idx; train again")
    found = _Growing(int(told["max_feature_idx"]) + 1)
    for tree in trees:
        found.add(_fields(tree))
    return found.done()


def _fields(text: str) -> dict[str, str]:
    lines = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    return dict(lines)


@dataclass
class _Growing:
    n_features: int
    features: list[int] = field(default_factory=list)
    thresholds: list[float] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    leaves: list[float] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)

    def add(self, told: Mapping[str, str]) -> None:
        """One more tree, level by level, the two children of a node side by side."""
        split = _Splits(told, self.n_features)
        start = len(self.features)
        queue, depth = [0 if split.thresholds else ~0], [0]
        for at in range(2 * len(split.thresholds) + 1):
            node = queue[at]
            if node < 0:
                self._put(0, np.inf, start + at, split.leaves[~node])
            else:
                self._put(split.features[node], split.thresholds[node], start + len(queue), 0.0)
                queue += [split.left[node], split.right[node]]
                depth += [depth[at] + 1] * 2
        self.roots.append(start)
        self.depths.append(max(depth))

    def _put(self, feature: int, threshold: float, child: int, leaf: float) -> None:
        self.features.append(feature)
        self.thresholds.append(threshold)
        self.children.append(child)
        self.leaves.append(leaf)

    def done(self) -> Nodes:
        return Nodes(
            self.n_features,
            np.array(self.features, dtype=np.uint32),
            np.array(self.thresholds, dtype=np.float32),
            np.array(self.children, dtype=np.uint32),
            np.array(self.leaves, dtype=np.float64),
            np.array(self.roots, dtype=np.uint32),
            np.array(self.depths, dtype=np.int32),
        )


class _Splits:
    """The splits of one tree as LightGBM numbers them; a child below 0 is the leaf of its complement."""

    def __init__(self, told: Mapping[str, str], n_features: int) -> None:
        try:
            self.leaves = [float(one) for one in told["leaf_value"].split()]
            if told["num_leaves"] == "1":
                self.features, self.thresholds, self.left, self.right = [], [], [], []
                return
            kinds, features, left, right = (
                [int(one) for one in told[name].split()]
                for name in ("decision_type", "split_feature", "left_child", "right_child")
            )
            limits = [float(one) for one in told["threshold"].split()]
        except (KeyError, ValueError) as error:
            raise BadInput(f"these are no boosted trees: {error}; train again") from error
        if any(kind & CATEGORICAL for kind in kinds):
            raise BadInput("trees that split by categories cannot be read; encode them as numbers")
        self.thresholds = [_below(limit) for limit in limits]
        self.features = [
            feature + (0 if _unknown_goes_left(kind, limit) else n_features)
            for feature, kind, limit in zip(features, kinds, limits, strict=True)
        ]
        self.left, self.right = left, right


def _unknown_goes_left(kind: int, limit: float) -> bool:
    """Where nothing known goes: as learned, or as a zero where training had nothing unknown there."""
    return bool(kind & DEFAULT_LEFT) if kind >> 2 & 3 == MISSING_IS_NAN else limit >= 0


def _below(limit: float) -> float:
    """The largest float32 that is not above a float64: the same float32 values are above both. Finite, so that
    nothing known, as the highest number, is above it too."""
    rounded = np.float32(np.clip(limit, -LARGEST, LARGEST))
    return float(np.nextafter(rounded, np.float32(-np.inf)) if float(rounded) > limit else rounded)
