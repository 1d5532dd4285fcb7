"""What each model adds to the marks of a slate's candidates."""

from collections.abc import Mapping

from slatewright.core.arrays import Scores
from slatewright.pipeline.contracts import PartedScore, Query, Score
from slatewright.pipeline.slate import Trace


def parts_of_marks(score: Score | None, query: Query, trace: Trace) -> Mapping[str, Scores]:
    """By model what it adds to the mark of each survivor, float32 (survivors,); nothing where the score does not say.

    It does not where it knows no parts, where it broke, and where the slate was marked by another one: for a newcomer,
    or on a step down the ladder.
    """
    if not isinstance(score, PartedScore) or score.name != trace.scored_by:
        return {}
    if any(note.stage == "score" for note in trace.notes):
        return {}
    return score.parts(query, trace.pool.take(trace.dropped_by == 0))
