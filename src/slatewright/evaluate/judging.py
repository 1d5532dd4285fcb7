"""Judge recommenders on a fold, next to popularity measured in the same run."""

from collections.abc import Mapping, Sequence

from slatewright.data.splits import Fold
from slatewright.evaluate.breaking_down import breakdowns_of
from slatewright.evaluate.evaluation import Evaluation
from slatewright.evaluate.foretold import ratings_foretold
from slatewright.evaluate.grouping import group_of
from slatewright.evaluate.judged import Judged, judge
from slatewright.evaluate.lists import Recommender
from slatewright.evaluate.questions import QUESTIONS, Question
from slatewright.evaluate.segments import NO_SEGMENTS, By
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.models import Estimator
from slatewright.pipeline.learning import Progress, silent


def evaluate(
    recommenders: Mapping[str, Recommender],
    fold: Fold,
    *,
    k: int = 20,
    questions: Sequence[Question] = QUESTIONS,
    bootstrap: Bootstrap | None = None,
    by: By = NO_SEGMENTS,
    progress: Progress = silent,
) -> Evaluation:
    """Judge models, whole pipelines, or any function of cases and k, all fitted on ``fold.train``.

    Every item is ranked, unless the fold brings sampled negatives, and every question is asked of every recommender; a
    question that nobody is in is left out. The audit runs first; ``fold.allowing("sessions")`` lets a check fail.
    Popularity (items by how many users took them) is fitted here on the same training part
    and judged first. ``by`` breaks the first question down by segments of users and of items.

    Raises:
        Leak: the test part was known to training, or the numbers would mean nothing; the message says why.
        BadInput: a recommender was fitted on other items or is called "popularity", no test user has a right item, or
            there is no fact of that name to tell segments apart by.
        BadKnob: k is below 1.
    """
    judged = judge(recommenders, fold, k=k, progress=progress)
    progress("judge", len(judged.lists), len(judged.lists))
    return summarise(judged, questions=questions, bootstrap=bootstrap, by=by)


def summarise(
    judged: Judged,
    *,
    questions: Sequence[Question] = QUESTIONS,
    bootstrap: Bootstrap | None = None,
    by: By = NO_SEGMENTS,
) -> Evaluation:
    """Sum up what was judged: an interval for every metric of every recommender, question by question.

    Raises:
        BadInput: there is no fact of that name to tell segments apart by.
    """
    bootstrap = bootstrap or Bootstrap()
    asked = [one for one in map(judged.asked, questions) if one is not None]
    train = judged.fold.train
    return Evaluation(
        k=judged.k,
        as_of=train.as_of,
        data=train.version,
        n_users=train.n_users,
        n_items=train.n_items,
        level=bootstrap.level,
        groups=tuple(group_of(judged, one, bootstrap) for one in asked),
        breakdowns=breakdowns_of(judged, asked[0], by, bootstrap) if asked else (),
        protocol=judged.fold.protocol,
        audit=judged.audit,
        ratings=ratings_foretold(judged.models, judged.cases, bootstrap),
    )


def evaluate_estimators(estimators: Mapping[str, Estimator], fold: Fold, *, k: int = 20) -> Evaluation:
    """Fit each estimator on the training part of a fold, and judge what it learned."""
    return evaluate({name: estimator.fit(fold.train) for name, estimator in estimators.items()}, fold, k=k)
