"""Scores mark every candidate. One score, one file."""

from slatewright.pipeline.scores.blend import BlendScore
from slatewright.pipeline.scores.model import ModelScore

__all__ = ["BlendScore", "ModelScore"]
