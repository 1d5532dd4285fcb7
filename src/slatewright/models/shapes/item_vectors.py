"""Item vectors: every item is a sparse row of features of its facts, a history the weighted sum of its items' rows."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Arrays, Frame, Index, Scores, Weights
from slatewright.data.histories import Histories
from slatewright.models.content.fact_features import FactSpace
from slatewright.models.content.sparse_rows import SparseRows, likenesses
from slatewright.models.content.taste import Taste
from slatewright.models.fading import faded_as_stored
from slatewright.models.model import Known, Model
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class ItemVectors(Model):
    """``rows`` are the features of each item in ``space``, ``postings`` the same by feature.

    The score is a mean: ``(sum over events of weight x <row of the event's item, row of the item> + prior_weight x
    prior) / (sum of |weight| + prior_weight)``. ``prior`` float32 (n_items,) in [0, 1] is what a history that says
    nothing gets; where facts of its owner are known, ``taste`` leans it towards what people with like facts take. An
    event fades by ``half_life_days`` float64 (1,), infinite: never, before ``as_of`` int64 (1,).
    """

    space: FactSpace
    rows: SparseRows
    postings: SparseRows
    prior: Scores
    taste: Taste
    prior_weight: Array
    prior_scale: Array
    half_life_days: Array
    as_of: Array
    shape: ClassVar[str] = "item_vectors"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        known = self._faded(histories)
        scores = likenesses(known, self.rows, self.postings, items)
        scores += np.float32(self.prior_weight[0]) * self.priors(histories, items)
        scores /= self._mass(known)[:, None]
        return scores

    def priors(self, histories: Histories, items: Index | None = None) -> Scores:
        """What the owner of each history is expected to take, events aside, float32 (n, items) or (1, items)."""
        lean = self.taste.lean(histories.facts, len(histories))
        scale = np.float32(self.prior_scale[0])
        prior: Scores = self.prior[None] if lean is None else self.prior + scale * lean
        return prior if items is None else prior[:, items]

    def _mass(self, histories: Histories) -> Weights:
        owner = np.repeat(np.arange(len(histories)), histories.lengths())
        mass = np.bincount(owner, np.abs(histories.weights), minlength=len(histories)) + self.prior_weight[0]
        return np.asarray(mass, dtype=np.float32)

    def _faded(self, histories: Histories) -> Histories:
        return faded_as_stored(histories, self.as_of, self.half_life_days)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        lengths = np.repeat(self._lengths, np.diff(self.rows.offsets))
        unit = replace(self.rows, values=np.asarray(self.rows.values / lengths, dtype=np.float32))
        scores = likenesses(Histories.of([[item] for item in items]), unit, self.postings, None) / self._lengths
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.rows) - 1))[:2]

    @cached_property
    def _lengths(self) -> Scores:
        """The length of each row, 1 where it is empty, float32 (n_items,)."""
        owner = np.repeat(np.arange(len(self.rows)), np.diff(self.rows.offsets))
        lengths = np.sqrt(np.bincount(owner, np.square(self.rows.values), minlength=len(self.rows)))
        return np.where(lengths > 0, lengths, 1).astype(np.float32)

    def reasons(self, history: Histories, item: int) -> Scores:
        known = self._faded(history)
        alone = Histories.of(known.items[:, None].tolist())
        likeness = likenesses(alone, self.rows, self.postings, np.array([item], dtype=np.int32))[:, 0]
        parts: Scores = known.weights * likeness / self._mass(known)[0]
        return parts

    def shared_features(self, history: Histories, item: int) -> Frame:
        """What the history and the item have in common: ``feature, words, part``, the largest part first.

        The parts add up to what the events add to the score. A feature is named as in ``FactSpace.names``; ``words``
        say the same to people.
        """
        known = self._faded(history)
        matrix = self.rows.matrix(self.space.n_features)
        profile = np.asarray(known.weights @ matrix[known.items]).ravel() / self._mass(known)[0]
        row = slice(self.rows.offsets[item], self.rows.offsets[item + 1])
        columns = self.rows.columns[row]
        parts = profile[columns] * self.rows.values[row]
        names, words = (
            pl.Series(name, said, dtype=pl.String).gather(columns)
            for name, said in (("feature", self.space.names()), ("words", self.space.words()))
        )
        table = pl.DataFrame([names, words, pl.Series("part", parts, dtype=pl.Float32)])
        return table.filter(pl.col("part") != 0).sort("part", "feature", descending=[True, False])

    def arrays(self) -> Arrays:
        return {
            **{f"items_{name}": array for name, array in self.space.arrays().items()},
            **self.rows.arrays("rows"),
            **self.postings.arrays("postings"),
            **self.taste.arrays(),
            **{name: getattr(self, name) for name in _PLAIN},
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        space = {name: arrays[f"items_{name}"] for name in ("card", "names", "name_offsets", "numbers")}
        return cls(
            known,
            space=FactSpace.from_arrays(space),
            rows=SparseRows.from_arrays(arrays, "rows"),
            postings=SparseRows.from_arrays(arrays, "postings"),
            taste=Taste.from_arrays(arrays),
            **{name: arrays[name] for name in _PLAIN},
        )


_PLAIN = ("prior", "prior_weight", "prior_scale", "half_life_days", "as_of")
