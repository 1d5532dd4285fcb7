"""The batches of a sequence model, and the judgement on the latest events of some users."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Offsets, Scores
from slatewright.data.histories import Histories
from slatewright.models.neural.batch import Batch, dealt, n_batches
from slatewright.models.neural.runtime import Fitted
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.sequences.negatives import Negatives
from slatewright.models.neural.sequences.objective import NextEvent
from slatewright.models.neural.sequences.packing import Pieces
from slatewright.models.neural.sequences.reading import read
from slatewright.models.neural.tables import Table


@dataclass(frozen=True)
class SequenceTask:
    """See ``Task``. The table ``items`` has a row per item and one more, the start token.

    Inputs of a batch: ``segments``, ``places``, ``target_ids`` int32 and ``weights`` float32 (rows, length), ``seeds``
    int32 (rows,), ``negative_ids`` int32 and ``correction`` float32 (n,) or (rows, n).
    """

    items: Table
    weights: Sequence[Array]
    objective: NextEvent
    pieces: Pieces
    negatives: Negatives
    held_out: HeldOut
    batch_size: int

    @property
    def tables(self) -> Mapping[str, Table]:
        return {"items": self.items}

    @property
    def roles(self) -> Mapping[str, str]:
        return {"history": "items", "targets": "items", "negatives": "items"}

    @property
    def steps(self) -> int:
        return n_batches(len(self.pieces), self.batch_size)

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        for chosen, filled in dealt(len(self.pieces), self.batch_size, rng):
            yield self._batch(chosen[filled > 0], rng)

    def _batch(self, chosen: Offsets, rng: np.random.Generator) -> Batch:
        height = self.batch_size  # also where there are fewer: small data sets of equal knobs share what is compiled
        rows = self.pieces.rows(chosen, len(self.items.rows) - 1, height)
        drawn = self.negatives.drawn(rng, height)
        return Batch(
            {"history": rows.items, "targets": rows.targets, "negatives": drawn},
            rows.weights.sum(axis=1),
            {
                "segments": rows.segments,
                "places": rows.places,
                "target_ids": rows.targets,
                "weights": rows.weights,
                "seeds": rng.integers(-(2**31), 2**31, size=height, dtype=np.int32),
                "negative_ids": drawn,
                "correction": self.negatives.correction[drawn],
            },
        )

    def validation(self, weights: Sequence[Array]) -> float | None:
        fitted, rows = Fitted(self.objective.spec, weights), np.ascontiguousarray(self.items.rows)  # copied once

        def score(histories: Histories) -> Scores:
            scores: Scores = read(histories, fitted, rows, self.pieces.length) @ rows[:-1].T
            return scores

        return self.held_out.judged(score) if len(self.held_out.items) else None
