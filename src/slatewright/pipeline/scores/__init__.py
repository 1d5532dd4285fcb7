"""Scores mark every candidate. One score, one file."""

from slatewright.pipeline.scores.blend import BlendScore
from slatewright.pipeline.scores.columns import ModelSays, SourceRank
from slatewright.pipeline.scores.learned import LearnedScore
from slatewright.pipeline.scores.lessons import Lessons
from slatewright.pipeline.scores.model import ModelScore
from slatewright.pipeline.scores.objectives import Objective

__all__ = ["BlendScore", "LearnedScore", "Lessons", "ModelSays", "ModelScore", "Objective", "SourceRank"]
