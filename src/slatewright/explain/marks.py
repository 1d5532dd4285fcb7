"""What each model adds to the marks of a slate's candidates."""

from collections.abc import Mapping

from slatewright.core.arrays import Scores
from slatewright.pipeline.contracts import PartedScore, Query, Score
from slatewright.pipeline.slate import Trace


def parts_of_marks(score: Score | None, query: Query, trace: Trace) -> Mapping[str, Scores]:
    """By model what it adds to the mark of each survivor, float32 (survivors,); nothing where the score does not say.

    It does not where it knows no parts and where it broke. ``score`` is that of the query, ``stages.marking(query)``.
    """
    if not isinstance(score, PartedScore) or any(note.stage == "score" for note in trace.notes):
        return {}
    alive = trace.dropped_by == 0
    return score.parts(query, trace.pool.take(alive))
