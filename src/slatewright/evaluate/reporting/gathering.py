"""Gather what a report shows from what was judged."""

from collections.abc import Mapping, Sequence

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.evaluate.diagnosis.curves import Curve
from slatewright.evaluate.diagnosis.diagnosing import diagnose_ratings
from slatewright.evaluate.diagnosis.diagnosis import RatingsDiagnosis
from slatewright.evaluate.diagnosis.shortfalls import item_shortfalls, user_shortfalls
from slatewright.evaluate.evaluation import BASELINE, Evaluation
from slatewright.evaluate.judged import Asked, Judged
from slatewright.evaluate.questions import QUESTIONS
from slatewright.evaluate.rated import rated
from slatewright.evaluate.reporting.contents import Made, Report
from slatewright.evaluate.reporting.popularity_mix import popularity_mix
from slatewright.evaluate.reporting.slates import samples
from slatewright.metrics.bootstrap import Bootstrap, Interval
from slatewright.metrics.ranking import METRICS
from slatewright.models.model import RatingModel

MAIN = "ndcg"
NO_RATINGS = (
    "There are ratings, but no model that was judged predicts them, so there are no residuals: add one to the "
    'estimators of the recipe, as in "ratings": BiasedMF().'
)


def gather(
    judged: Judged,
    evaluation: Evaluation,
    made: Made,
    *,
    users: Sequence[str] | None = (),
    curves: Sequence[Curve] = (),
    missing: Sequence[str] = (),
) -> Report:
    """Everything that the page shows; ``evaluation`` is of ``judged``, or of several folds of which it is the last.

    ``users``: whose slates are shown, by id; none given, three of different histories; None: nobody's.

    Raises:
        BadInput: nothing but popularity was judged, or no test user has a right item.
        NotThere: one of ``users`` did nothing in the test part.
    """
    asked = next((one for one in map(judged.asked, QUESTIONS) if one is not None), None)
    main = next((name for name in judged.names if name != BASELINE), None)
    if asked is None or main is None:
        raise BadInput("a report needs a recommender besides popularity, and test users with a right item")
    ratings = _ratings(judged)
    unused = [] if ratings or not _has_ratings(judged) else [NO_RATINGS]
    return Report(
        made=made,
        evaluation=evaluation,
        main=main,
        alone=_best_other(judged, asked, main),
        lost_users=user_shortfalls(judged, main, asked, metric=MAIN),
        lost_items=item_shortfalls(judged, main, asked),
        mix=popularity_mix(judged, asked),
        samples=() if users is None else samples(judged, asked, users),
        curves=tuple(curves),
        ratings=ratings,
        epochs=judged.epochs,
        missing=(*missing, *unused),
    )


def _best_other(judged: Judged, asked: Asked, main: str) -> tuple[str, Interval] | None:
    """Who of the others is best in NDCG, and by how much it leads ``main`` on the same users."""
    column = list(METRICS).index(MAIN)
    others = [name for name in judged.names if name not in (BASELINE, main)]
    if not others:
        return None
    values: Mapping[str, np.ndarray] = {name: judged.values(name, asked)[:, column] for name in (main, *others)}
    best = max(others, key=lambda name: float(values[name].mean()))
    (lead,) = Bootstrap().means((values[best] - values[main])[:, None])
    return best, lead


def _has_ratings(judged: Judged) -> bool:
    """Whether anybody rated, and not all alike."""
    values = rated(judged.cases).values
    return len(values) > 0 and bool((values != values[0]).any())


def _ratings(judged: Judged) -> dict[str, RatingsDiagnosis]:
    """How far the ratings are off that models foretold, by the names of the models; none where there are none."""
    cases = rated(judged.cases)
    if not _has_ratings(judged):
        return {}
    models = {name: model for name, model in judged.models.items() if name != BASELINE}
    return {
        name: diagnose_ratings(model, cases, judged.items)
        for name, model in models.items()
        if isinstance(model, RatingModel)
    }
