"""What a learning curve measures: a number per user on events that were learned, and one on events that were not."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from slatewright.core.arrays import Index, Offsets, Weights
from slatewright.core.errors import BadInput
from slatewright.core.randomness import generator
from slatewright.data.histories import Histories
from slatewright.data.splits import Cases, Fold
from slatewright.evaluate.questions import QUESTIONS
from slatewright.evaluate.rated import rated
from slatewright.metrics.hits import hits
from slatewright.metrics.ranking import METRICS, PerUser
from slatewright.models.model import Model, RatingModel
from slatewright.models.recommending import WHATEVER_IS_NEW, Wanted, best_items

MOST_USERS = 2_000


class Scoring(Protocol):
    """One metric, on the same users every time."""

    @property
    def metric(self) -> str: ...

    @property
    def higher_is_better(self) -> bool: ...

    @property
    def learners(self) -> Offsets:
        """The users of the training part whose events are asked for, int64 (users,)."""

    def learned(self, model: Model) -> PerUser:
        """One number per user of the training part, float64 (users,), those of ``learners``."""

    def unseen(self, model: Model) -> PerUser:
        """One number per user of the test part, float64 (users,)."""


def scoring_of(model: Model, fold: Fold, *, k: int = 20, metric: str = "ndcg", rng: int = 0) -> Scoring:
    """RMSE where the model predicts ratings and there are some to judge by, else a metric of its lists of k.

    Raises:
        BadInput: there is nothing to judge by.
    """
    if isinstance(model, RatingModel) and rated(fold.test).n_relevant().any():
        return RatingScoring.of(fold, rng)
    return ListScoring.of(fold, k, metric, rng)


@dataclass(frozen=True)
class ListScoring:
    """Lists of k for new items of some users, and for the very items that some histories hold."""

    k: int
    metric: str
    asked: Cases
    known: Histories
    learners: Offsets
    n_items: int
    higher_is_better: bool = True

    @classmethod
    def of(cls, fold: Fold, k: int, metric: str, rng: int) -> "ListScoring":
        """Users drawn for a fold: the first question that anybody is in."""
        for question in QUESTIONS:
            narrowed = question.right(fold.test)
            rows = np.flatnonzero(question.who(narrowed) & (narrowed.n_relevant() > 0))
            if len(rows):
                asked, histories = narrowed.take(_drawn(rows, rng)), fold.train.histories()
                learners = _drawn(_taught(histories), rng)
                return cls(k, metric, asked, histories.take(learners.astype(np.int32)), learners, fold.train.n_items)
        raise BadInput("there is nothing to judge by: no test user has a right item that training knows")

    def learned(self, model: Model) -> PerUser:
        matrix = self.known.matrix(self.n_items)
        offsets, items = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
        return self._values(model, self.known, Wanted(filter_seen=False), offsets, items)

    def unseen(self, model: Model) -> PerUser:
        return self._values(model, self.asked.histories, WHATEVER_IS_NEW, self.asked.offsets, self.asked.relevant)

    def _values(self, model: Model, histories: Histories, wanted: Wanted, offsets: Offsets, relevant: Index) -> PerUser:
        lists = best_items(model, histories, self.k, n_items=self.n_items, wanted=wanted)
        found = hits(lists.items, lists.counts, offsets, relevant)
        found = np.pad(found, ((0, 0), (0, self.k - found.shape[1])))
        return METRICS[self.metric](found, np.diff(offsets))


@dataclass(frozen=True)
class RatingScoring:
    """The root of each user's mean squared error; users count alike, however many ratings they gave."""

    asked: Cases
    known: Histories
    learners: Offsets
    metric: str = "rmse"
    higher_is_better: bool = False

    @classmethod
    def of(cls, fold: Fold, rng: int) -> "RatingScoring":
        """Users drawn for a fold."""
        asked, known = rated(fold.test), fold.train.histories()
        rows = np.flatnonzero(asked.n_relevant() > 0)
        if not len(rows):
            raise BadInput("there is nothing to judge by: no test user rated an item that training knows")
        raters = _drawn(np.flatnonzero(known.only(known.rated()).lengths() > 0), rng)
        return cls(asked.take(_drawn(rows, rng)), known.take(raters.astype(np.int32)), raters)

    def learned(self, model: Model) -> PerUser:
        said = self.known.only(self.known.rated())
        values = said.weights if said.values is None else said.values
        return _errors(model, self.known, said.offsets, said.items, values)

    def unseen(self, model: Model) -> PerUser:
        return _errors(model, self.asked.histories, self.asked.offsets, self.asked.relevant, self.asked.values)


def _errors(model: Model, histories: Histories, offsets: Offsets, items: Index, said: Weights) -> PerUser:
    if not isinstance(model, RatingModel):
        raise BadInput(f"a model must have predict to be judged by ratings, got {type(model).__name__}")
    rows = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
    squares = np.square(model.predict(histories, rows, items).astype(np.float64) - said)
    return np.sqrt(np.bincount(rows, squares, minlength=len(offsets) - 1) / np.diff(offsets))


def _drawn(rows: Offsets, rng: int) -> Offsets:
    return np.sort(generator(rng).permutation(rows)[:MOST_USERS])


def _taught(histories: Histories) -> Offsets:
    """The users whose histories hold something to learn, int64."""
    owners = np.repeat(np.arange(len(histories)), histories.lengths())
    return np.flatnonzero(np.bincount(owners, histories.weights, minlength=len(histories)) > 0)
