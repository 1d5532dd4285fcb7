"""What recommenders answered to the cases of a fold: what an evaluation, a comparison and a report all read."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Offsets
from slatewright.core.errors import BadInput, NotThere
from slatewright.data.splits import Cases, Fold
from slatewright.evaluate.baseline import popularity
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.lists import Recommender, lists_of
from slatewright.evaluate.questions import Question
from slatewright.metrics.hits import hits
from slatewright.metrics.ranking import METRICS, PerUser
from slatewright.models import ItemLists
from slatewright.models.recommending import check_k
from slatewright.pipeline.learning import Progress, silent


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to the cases: ``rows`` int64 (n,) of the judged cases, and these narrowed to what is right."""

    question: Question
    rows: Offsets
    cases: Cases

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Judged:
    """The lists of k that each recommender gave for ``cases`` (those of ``fold.test`` with a right item).

    ``lists`` are in the order of judging, popularity first; all have one row per case.
    """

    fold: Fold
    cases: Cases
    k: int
    lists: Mapping[str, ItemLists]

    @property
    def names(self) -> tuple[str, ...]:
        """The recommenders, popularity first."""
        return tuple(self.lists)

    def asked(self, question: Question) -> Asked | None:
        """The cases that a question is about; None where nobody is in it."""
        narrowed = question.right(self.cases)
        rows = np.flatnonzero(question.who(self.cases) & (narrowed.n_relevant() + narrowed.unknown > 0))
        return Asked(question, rows, narrowed.take(rows)) if len(rows) else None

    def lists_for(self, name: str, asked: Asked) -> ItemLists:
        """The lists of one recommender for the cases of a question.

        Raises:
            NotThere: no recommender of that name was judged.
        """
        if name not in self.lists:
            raise NotThere(f"{name!r} was not judged; these were: {', '.join(self.lists)}")
        lists = self.lists[name]
        return ItemLists(lists.items[asked.rows], lists.scores[asked.rows], lists.counts[asked.rows])

    def values(self, name: str, asked: Asked) -> PerUser:
        """Every metric of every user, float64 (users, metrics), columns in the order of ``METRICS``.

        Raises:
            NotThere: no recommender of that name was judged.
        """
        lists = self.lists_for(name, asked)
        found = hits(lists.items, lists.counts, asked.cases.offsets, asked.cases.relevant)
        found = np.pad(found, ((0, 0), (0, self.k - found.shape[1])))  # a catalogue below k leaves places empty
        n_relevant = asked.cases.n_relevant() + asked.cases.unknown
        return np.stack([metric(found, n_relevant) for metric in METRICS.values()], axis=1)


def judge(recommenders: Mapping[str, Recommender], fold: Fold, *, k: int = 20, progress: Progress = silent) -> Judged:
    """Ask every recommender, and popularity fitted here on the same training part, for its lists; nothing is summed up.

    Raises:
        BadInput: a recommender was fitted on other items or is called "popularity", or no test user has a right item.
        BadKnob: k is below 1.
    """
    k = check_k(k)
    cases = fold.test.with_answers()
    if not len(cases):
        raise BadInput("there is nothing to judge by: no test user has a right item")
    if BASELINE in recommenders:
        raise BadInput(f"{BASELINE!r} is measured in every evaluation: give the recommender another name")
    contenders: dict[str, Recommender] = {BASELINE: popularity(fold.train), **recommenders}
    lists = {}
    for done, (name, recommender) in enumerate(contenders.items()):
        progress(f"ask {name}", done, len(contenders))
        lists[name] = lists_of(recommender, cases, k)
    return Judged(fold, cases, k, lists)
