"""What recommenders answered to the cases of a fold: what an evaluation, a comparison and a report all read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from slatewright.core.arrays import Mask, Offsets
from slatewright.core.errors import BadInput, NotThere
from slatewright.data.splits import Cases, Fold
from slatewright.evaluate.audit import Audit, Finding
from slatewright.evaluate.baseline import popularity
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.full_ranking import auc_of, wins_of
from slatewright.evaluate.items_known import ItemsKnown
from slatewright.evaluate.lists import Recommender, lists_of
from slatewright.evaluate.per_user import Answers, Shown, accuracy_of, beyond_accuracy_of, shown_of
from slatewright.evaluate.questions import Question
from slatewright.metrics.full_ranking import Wins
from slatewright.metrics.hits import hits
from slatewright.metrics.ranking import PerUser, ranking_values
from slatewright.models import ItemLists, Model
from slatewright.models.neural.epochs import EpochCurve, epoch_curves
from slatewright.models.recommending import check_k
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.pipeline import Pipeline


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

    ``lists`` are in the order of judging, popularity first; all have one row per case. ``models`` are those of the
    recommenders that score every item, and so have an AUC: a pipeline ranks its candidates only. ``epochs`` tell how
    neural models were trained, those of pipelines among them.
    """

    fold: Fold
    cases: Cases
    k: int
    lists: Mapping[str, ItemLists]
    models: Mapping[str, Model] = field(default_factory=dict)
    audit: tuple[Finding, ...] = ()
    epochs: Mapping[str, EpochCurve] = field(default_factory=dict)

    @cached_property
    def items(self) -> ItemsKnown:
        """What the training part knows of items."""
        return ItemsKnown(self.fold.train)

    @cached_property
    def _won(self) -> dict[str, Wins]:
        return {}

    @cached_property
    def _narrowed(self) -> dict[Callable[[Cases], Cases], Cases]:
        """The cases by what counts as right: several questions may ask for the same."""
        return {}

    @cached_property
    def _shown(self) -> dict[str, dict[str, PerUser]]:
        return {}

    @property
    def names(self) -> tuple[str, ...]:
        """The recommenders, popularity first."""
        return tuple(self.lists)

    def asked(self, question: Question) -> Asked | None:
        """The cases that a question is about; None where nobody is in it."""
        if question.right not in self._narrowed:
            self._narrowed[question.right] = question.right(self.cases)
        narrowed = self._narrowed[question.right]
        rows = np.flatnonzero(question.who(self.cases) & (narrowed.n_relevant() + narrowed.unknown > 0))
        if not len(rows):
            return None
        return Asked(question, rows, narrowed if len(rows) == len(narrowed) else narrowed.take(rows))

    def lists_for(self, name: str, asked: Asked) -> ItemLists:
        """The lists of one recommender for the cases of a question.

        Raises:
            NotThere: no recommender of that name was judged.
        """
        if name not in self.lists:
            raise NotThere(f"{name!r} was not judged; these were: {', '.join(self.lists)}")
        lists = self.lists[name]
        if len(asked) == len(self.cases):
            return lists
        return ItemLists(lists.items[asked.rows], lists.scores[asked.rows], lists.counts[asked.rows])

    def values(self, name: str, asked: Asked) -> PerUser:
        """Every metric of every user, float64 (users, metrics), columns in the order of ``METRICS``.

        Raises:
            NotThere: no recommender of that name was judged.
        """
        return ranking_values(self.found(name, asked), asked.cases.n_relevant() + asked.cases.unknown)

    def per_user(self, name: str, asked: Asked, *, full_ranking: bool = True) -> dict[str, PerUser]:
        """Every metric that has something to say, by name: float64 (users,), NaN for users of whom it says nothing.

        The mean over the users with a number is the metric, also for AUC, Gini and popularity lift. Without
        ``full_ranking`` AUC is left out, which costs as much time as asking for the lists did.

        Raises:
            NotThere: no recommender of that name was judged.
        """
        lists = self.lists_for(name, asked)
        found = self._right(lists, asked)
        expected = lists if name == BASELINE else self.lists_for(BASELINE, asked) if BASELINE in self.lists else None
        area = {"auc": self._auc(name, asked)} if full_ranking and name in self.models else {}
        answers = Answers(asked.cases, lists, self.items, found, expected)
        values = accuracy_of(found, asked.cases) | area | self._shown_to(name, asked) | beyond_accuracy_of(answers)
        return {metric: each for metric, each in values.items() if not np.isnan(each).all()}

    def found(self, name: str, asked: Asked) -> Mask:
        """Which places of the lists of one recommender are right, bool (users, k)."""
        return self._right(self.lists_for(name, asked), asked)

    def _right(self, lists: ItemLists, asked: Asked) -> Mask:
        found = hits(lists.items, lists.counts, asked.cases.offsets, asked.cases.relevant)
        return np.pad(found, ((0, 0), (0, self.k - found.shape[1])))  # a catalogue below k leaves places empty

    def _shown_to(self, name: str, asked: Asked) -> dict[str, PerUser]:
        """What does not ask what was right is counted once, for all cases."""
        if name not in self._shown:
            self._shown[name] = shown_of(Shown(self.cases, self.lists[name], self.items))
        return {metric: each[asked.rows] for metric, each in self._shown[name].items()}

    def _auc(self, name: str, asked: Asked) -> PerUser:
        if name not in self._won:
            self._won[name] = wins_of(self.models[name], self.cases)
        return auc_of(self._won[name], self.cases, asked.cases, asked.rows)


def judge(recommenders: Mapping[str, Recommender], fold: Fold, *, k: int = 20, progress: Progress = silent) -> Judged:
    """Ask every recommender, and popularity fitted here on the same training part, for its lists; nothing is summed up.

    The audit runs first, and lets no evaluation go on whose test part was known to training.

    Raises:
        Leak: a check of the audit failed, and the fold does not allow it to; the message says why.
        BadInput: a recommender was fitted on other items or is called "popularity", or no test user has a right item.
        BadKnob: k is below 1.
    """
    k = check_k(k)
    cases = fold.test.with_answers()
    if not len(cases):
        raise BadInput("there is nothing to judge by: no test user has a right item")
    if BASELINE in recommenders:
        raise BadInput(f"{BASELINE!r} is measured in every evaluation: give the recommender another name")
    findings = Audit(fold.allowed, fold.transforms).check(replace(fold, test=cases), recommenders, k)
    contenders: dict[str, Recommender] = {BASELINE: popularity(fold.train), **recommenders}
    lists = {}
    for done, (name, recommender) in enumerate(contenders.items()):
        progress(f"ask {name}", done, len(contenders))
        lists[name] = lists_of(recommender, cases, k)
    # among a few sampled items there is no area under the ranking of all of them
    models = {name: one for name, one in contenders.items() if isinstance(one, Model) and cases.pools is None}
    return Judged(fold, cases, k, lists, models, findings, epoch_curves(_models_in(recommenders)))


def _models_in(recommenders: Mapping[str, Recommender]) -> dict[str, Model]:
    """Every model that is judged, alone or in a pipeline, once."""
    found: dict[int, tuple[str, Model]] = {}
    for name, one in recommenders.items():
        inside = one.world.models if isinstance(one, Pipeline) else {name: one} if isinstance(one, Model) else {}
        for called, model in inside.items():
            found.setdefault(id(model), (called, model))
    return dict(found.values())
