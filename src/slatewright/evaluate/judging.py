"""Judge recommenders on a fold, next to popularity measured in the same run."""

from collections.abc import Mapping, Sequence

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.data.splits import Cases, Fold
from slatewright.evaluate.baseline import popularity
from slatewright.evaluate.evaluation import BASELINE, Evaluation, Group, Measured
from slatewright.evaluate.lists import Recommender, lists_of
from slatewright.evaluate.questions import QUESTIONS, Question
from slatewright.metrics.bootstrap import Bootstrap, Interval, coverage_interval
from slatewright.metrics.hits import hits
from slatewright.metrics.ranking import METRICS, PerUser
from slatewright.models import Estimator, ItemLists
from slatewright.models.recommending import check_k
from slatewright.pipeline.learning import Progress, silent


def evaluate(
    recommenders: Mapping[str, Recommender],
    fold: Fold,
    *,
    k: int = 20,
    questions: Sequence[Question] = QUESTIONS,
    bootstrap: Bootstrap | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Judge models, whole pipelines, or any function of cases and k, all fitted on ``fold.train``.

    Every item is ranked (no sampled negatives), and every question is asked of every recommender; a question that
    nobody is in is left out. Popularity (items by how many users took them) is fitted here on the same training part
    and judged first.

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
    progress("judge", len(contenders), len(contenders))
    bootstrap = bootstrap or Bootstrap()
    groups = [_group(question, cases, lists, k, bootstrap) for question in questions]
    return Evaluation(
        k=k,
        as_of=fold.train.as_of,
        data=fold.train.version,
        n_users=fold.train.n_users,
        n_items=fold.train.n_items,
        level=bootstrap.level,
        groups=tuple(group for group in groups if group is not None),
    )


def evaluate_estimators(estimators: Mapping[str, Estimator], fold: Fold, *, k: int = 20) -> Evaluation:
    """Fit each estimator on the training part of a fold, and judge what it learned."""
    return evaluate({name: estimator.fit(fold.train) for name, estimator in estimators.items()}, fold, k=k)


def _group(
    question: Question, cases: Cases, lists: Mapping[str, ItemLists], k: int, bootstrap: Bootstrap
) -> Group | None:
    narrowed = question.right(cases)
    rows = np.flatnonzero(question.who(cases) & (narrowed.n_relevant() + narrowed.unknown > 0))
    if not len(rows):
        return None
    asked = narrowed.take(rows)
    theirs = {name: _rows(one, rows) for name, one in lists.items()}
    values = {name: _values(one, asked, k) for name, one in theirs.items()}
    means = bootstrap.means(np.hstack([*values.values(), *(one - values[BASELINE] for one in values.values())]))
    each = [dict(zip(METRICS, means[at : at + len(METRICS)], strict=True)) for at in range(0, len(means), len(METRICS))]
    covered = {
        name: coverage_interval(one.items, one.counts, len(cases.items), bootstrap) for name, one in theirs.items()
    }
    measured = [_measured(name, each[at], each[at + len(values)], covered[name]) for at, name in enumerate(values)]
    return Group(question.name, question.meaning, len(rows), tuple(measured))


def _measured(name: str, metrics: dict[str, Interval], lead: dict[str, Interval], covered: Interval) -> Measured:
    return Measured(name, metrics | {"coverage": covered}, {} if name == BASELINE else lead)


def _values(lists: ItemLists, asked: Cases, k: int) -> PerUser:
    """Every metric of every user, float64 (n, metrics)."""
    found = hits(lists.items, lists.counts, asked.offsets, asked.relevant)
    found = np.pad(found, ((0, 0), (0, k - found.shape[1])))  # a catalogue smaller than k leaves places empty
    n_relevant = asked.n_relevant() + asked.unknown
    return np.stack([metric(found, n_relevant) for metric in METRICS.values()], axis=1)


def _rows(lists: ItemLists, rows: np.ndarray) -> ItemLists:
    return ItemLists(lists.items[rows], lists.scores[rows], lists.counts[rows])
