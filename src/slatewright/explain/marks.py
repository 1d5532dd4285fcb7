"""What each model adds to the marks of a slate's candidates."""

from collections.abc import Mapping

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.pipeline.contracts import PartedScore, Query, Score
from slatewright.pipeline.slate import Trace

TOLERANCE = 1e-4  # of the largest number: parts that do not sum to the marks are those of something else


def parts_of_marks(score: Score | None, query: Query, trace: Trace) -> Mapping[str, Scores]:
    """By model what it adds to the mark of each survivor, float32 (survivors,); nothing where the score does not say.

    It does not where it knows no parts, where it broke, and where the slate was marked by another one: for a newcomer,
    on a step down the ladder, in a row of a page that brings a score of its own, under rules that changed since.
    """
    if not isinstance(score, PartedScore) or score.name != trace.scored_by:
        return {}
    if any(note.stage == "score" for note in trace.notes):
        return {}
    parts = score.parts(query, trace.pool.take(trace.dropped_by == 0))
    total = sum(parts.values(), np.zeros(len(trace.marks)))
    largest = max(float(np.abs(one).max(initial=0)) for one in (trace.marks, *parts.values()))
    return parts if np.allclose(total, trace.marks, rtol=0, atol=TOLERANCE * largest) else {}
