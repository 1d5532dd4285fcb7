"""Which models of a pipeline count in its slates."""

from collections import defaultdict

import numpy as np

from slatewright.core.randomness import Rng, generator
from slatewright.data.histories import Histories
from slatewright.explain.marks import parts_of_marks
from slatewright.explain.reasons import Importance, weights_of
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.running import run

MOST_USERS = 30  # drawn where there are more
LENGTH = 10  # of a slate
NOTE = "Importance is the mean size of what a model adds to the marks of the first items of slates."
NO_PARTS = "Which models count cannot be told: the score of the recipe does not say what its marks are made of."


def importance_of_models(pipeline: Pipeline, histories: Histories, rng: Rng = 0) -> Importance:
    """The mean size of what each model adds to the marks of the items shown, over slates of ``LENGTH``.

    Of many histories ``MOST_USERS`` are drawn. No model is named where the score of the recipe does not tell its parts.
    """
    told = np.flatnonzero(histories.lengths())
    if len(told) > MOST_USERS:
        told = np.sort(generator(rng).choice(told, MOST_USERS, replace=False))
    sizes, answers = defaultdict[str, float](float), 0
    for user in told.tolist():
        query = Query(LENGTH, pipeline.world.as_of, histories.one(user))
        trace = run(pipeline.stages, query).trace
        shown = trace.arrangements[-1][1][:LENGTH]
        for name, part in parts_of_marks(pipeline.stages.marking(query), query, trace).items():
            sizes[name] += float(np.abs(part[shown]).sum())
        answers += len(shown)
    weights = weights_of({name: size / answers for name, size in sizes.items()})
    return Importance("the pipeline", "exact", answers, {"model": weights}, (NOTE if weights else NO_PARTS,))
