"""Several models answer together: the weight of each depends on how long the history is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Offsets, Scores
from slatewright.core.errors import BadBundle
from slatewright.data.histories import Histories
from slatewright.models.blends.banding import band_of, n_weighing
from slatewright.models.blends.normalising import FAR, add_normalised, widths
from slatewright.models.model import Known, Model
from slatewright.models.recommending import BLOCK_SCORES
from slatewright.models.shapes.plain import PLAIN
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class Blend(Model):
    """A history's score is the weighted sum of what the parts say of it, each brought to one scale first.

    ``weights`` float64 (bands, parts): a row for each band of history lengths. ``lengths`` int64 (bands - 1,), rising:
    a history with at least ``lengths[b - 1]`` events that weigh something, and fewer than ``lengths[b]``, is in band b.
    ``normalisation``: see ``blends.normalising``. Only parts of a weight other than 0 are asked.
    """

    parts: tuple[Model, ...]
    weights: Array
    lengths: Offsets
    normalisation: str
    shape: ClassVar[str] = "blend"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        chosen = items if self.normalisation == "none" else None  # a scale needs every item
        n_columns = len(self.known.items) if chosen is None else len(chosen)
        out = np.zeros((len(histories), n_columns), dtype=np.float32)
        weights = self.weights_of(histories)
        for start, stop in _blocks(len(histories), n_columns):
            for at, part in enumerate(self.parts):
                rows = start + np.flatnonzero(weights[start:stop, at])
                if len(rows):
                    asked = histories if len(rows) == len(histories) else histories.take(rows.astype(np.int32))
                    scores = np.ascontiguousarray(part.score(asked, chosen))
                    add_normalised(scores, asked, self.normalisation, weights[rows, at], out, rows)
        return out if items is None or chosen is not None else np.take(out, items, axis=1)

    def weights_of(self, histories: Histories) -> Array:
        """The weight of each part for each history, float64 (n, parts)."""
        chosen: Array = self.weights[band_of(n_weighing(histories), self.lengths)]
        return chosen

    def arrays(self) -> Arrays:
        about = {"normalisation": self.normalisation, "shapes": [part.shape for part in self.parts]}
        arrays = {
            "weights": self.weights,
            "lengths": self.lengths,
            "about": np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        }
        for at, part in enumerate(self.parts):
            arrays |= {f"part{at}/{name}": array for name, array in part.arrays().items()}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        about = json.loads(bytes(arrays["about"]))
        parts = []
        for at, shape in enumerate(about["shapes"]):
            kind: type[Model] | None = cls if shape == cls.shape else PLAIN.get(shape)
            if kind is None:
                raise BadBundle(f"a blend has a part of kind {shape!r}; is the bundle from a newer version?")
            prefix = f"part{at}/"
            own = {name.removeprefix(prefix): a for name, a in arrays.items() if name.startswith(prefix)}
            parts.append(kind.from_arrays(own, known))
        return cls(known, tuple(parts), arrays["weights"], arrays["lengths"], about["normalisation"])

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        """As in the band of the longest histories, each part's similarities brought to one scale."""
        n_items = len(self.known.items)
        out = np.zeros((len(items), n_items), dtype=np.float32)
        own = Histories.of([[item] for item in items])
        for at in np.flatnonzero(self.weights[-1]):
            others, likeness = self.parts[at].similar(items, n_items - 1)
            scores = np.zeros_like(out)
            np.put_along_axis(scores, others.astype(np.int64), likeness, axis=1)
            weights = np.full(len(items), self.weights[-1, at])
            add_normalised(scores, own, self.normalisation, weights, out, np.arange(len(items)))
        out[np.arange(len(items)), items] = LOWEST
        return top_k(out, min(k, n_items - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        """The weighted sum of the parts' reasons, on the scale on which their scores are added."""
        total = np.zeros(len(history.items))
        for weight, part in zip(self.weights_of(history)[0], self.parts, strict=True):
            if weight:
                total += weight * self._on_scale(part, history, item)
        return total.astype(np.float32)

    def _on_scale(self, part: Model, history: Histories, item: int) -> Array:
        reasons = part.reasons(history, item).astype(np.float64)
        scores = np.ascontiguousarray(part.score(history))
        if self.normalisation in {"rank", "reciprocal_rank"}:
            place = np.zeros_like(scores)  # a place has no parts: the events share what it is worth
            add_normalised(scores, history, self.normalisation, np.ones(1), place, np.zeros(1, np.int64))
            shares: Array = reasons / max(float(np.abs(reasons).sum()), 1 / FAR) * float(place[0, item])
            return shares
        scaled: Array = reasons / widths(scores, history, self.normalisation)
        return scaled


def _blocks(n: int, width: int) -> Iterator[tuple[int, int]]:
    """Few rows at a time: while a part is asked, its answer lies in memory beside the sum."""
    rows = max(1, BLOCK_SCORES // (4 * max(1, width)))
    for start in range(0, n, rows):
        yield start, min(n, start + rows)
