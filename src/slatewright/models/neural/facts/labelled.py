"""A table of facts with a label for each row: what a network learns of it, and how it answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from scipy.special import expit

from slatewright.core.arrays import Array, Arrays, Frame, Mask, Scores, Weights
from slatewright.models.neural.batch import Batch, n_batches
from slatewright.models.neural.facts.drawing import dealt_in_full
from slatewright.models.neural.facts.fact_net import BinaryLoss, FactNet
from slatewright.models.neural.facts.fields import FieldReader
from slatewright.models.neural.facts.layout import Rows
from slatewright.models.neural.tables import Table


@dataclass(frozen=True)
class LabelledFacts:
    """How likely the label of a row is 1, by its facts.

    ``shift`` is added to what the network says: it takes back what weights of classes and left out negatives did.
    ``learning_curve`` float32 (epochs, 2 or 3), see ``Trained``.
    """

    reader: FieldReader
    net: FactNet
    shift: float
    learning_curve: Scores

    def marks(self, facts: Frame) -> Scores:
        """The logarithm of the odds of each row, float32 (n,). A fact that is no column here, or that has a value that
        training never saw, counts as not known."""
        return self._marks(Rows.plain(*self.reader.read(facts, facts.height)))

    def marks_of_codes(self, codes: Array) -> Scores:
        """The same, of facts that ``reader.codes`` made numbers of, float64 (n, fields)."""
        return self._marks(Rows.plain(*self.reader.read_codes(codes)))

    def _marks(self, rows: Rows) -> Scores:
        return self.net.marks(rows) + np.float32(self.shift)

    def chances(self, facts: Frame) -> Scores:
        """The probability that each row's label is 1, float32 (n,)."""
        chances: Scores = expit(self.marks(facts))
        return chances

    def arrays(self) -> Arrays:
        """Everything learned, as named arrays."""
        own = {"shift": np.array([self.shift]), "learning_curve": self.learning_curve}
        return {**self.net.arrays(), **self.reader.arrays("reader"), **own}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """The same again, from arrays that may be memory-mapped."""
        reader, net = FieldReader.from_arrays(arrays, "reader"), FactNet.from_arrays(arrays)
        return cls(reader, net, float(arrays["shift"][0]), arrays["learning_curve"])


@dataclass(frozen=True)
class LabelTask:
    """See ``Task``: binary cross-entropy of ``labels`` float32 (n,), weighed by ``row_weights`` float32 (n,).

    Of the negatives each epoch draws ``negative_share`` anew (He et al.: Practical Lessons from Predicting Clicks on
    Ads at Facebook, 2014). ``held_out`` bool (n,) rows are judged by the area under the ROC curve.
    ``folder`` is that of the tables, see ``Table.of``.
    """

    net: FactNet
    rows: Rows
    labels: Weights
    row_weights: Weights
    held_out: Mask
    batch_size: int
    negative_share: float = 1.0
    folder: str | None = None

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        return self.net.tables(self.folder)

    @property
    def roles(self) -> Mapping[str, str]:
        return self.net.layout.roles

    @property
    def objective(self) -> BinaryLoss:
        return BinaryLoss(self.net.spec)

    @property
    def weights(self) -> Sequence[Array]:
        return self.net.weights

    @cached_property
    def _sides(self) -> tuple[Array, Array]:
        """Positives and negatives that teach."""
        taught = np.flatnonzero(~self.held_out)
        positive = self.labels[taught] > 0
        return taught[positive], taught[~positive]

    @cached_property
    def _n_drawn(self) -> int:
        """Negatives in an epoch."""
        return min(len(self._sides[1]), max(1, round(self.negative_share * len(self._sides[1]))))

    @property
    def steps(self) -> int:
        return n_batches(len(self._sides[0]) + self._n_drawn, self.batch_size)

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        positive, negative = self._sides
        drawn = negative if self._n_drawn == len(negative) else rng.choice(negative, self._n_drawn, replace=False)
        chosen = np.concatenate([positive, drawn])
        for at, share in dealt_in_full(len(chosen), self.batch_size, rng):
            rows, layout = self.rows.take(chosen[at]), self.net.layout
            inputs = {**layout.inputs(rows), "label": self.labels[chosen[at]]}
            yield Batch(layout.ids(rows), share * self.row_weights[chosen[at]], inputs)

    def validation(self, weights: Sequence[Array]) -> float | None:
        labels = self.labels[self.held_out]
        if len(np.unique(labels)) < 2:
            return None
        marks = self.net.trained(weights, self.tables).marks(self.rows.take(np.flatnonzero(self.held_out)))
        return auc_of(labels, marks)


def shift_of(negative_share: float, positive_weight: float) -> float:
    """What corrects the log-odds of a network that saw only this share of the negatives, and each positive as if there
    were so many of it: the odds that it learned are ``positive_weight / negative_share`` times too high."""
    return float(np.log(negative_share) - np.log(positive_weight))


def auc_of(labels: Array, marks: Array) -> float:
    """The area under the ROC curve: how likely a row of label 1 is marked higher than one of label 0, ties half."""
    _, place, counts = np.unique(marks, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    positives = np.count_nonzero(labels)
    above = ranks[labels > 0].sum() - positives * (positives + 1) / 2
    return float(above / (positives * (len(labels) - positives)))
