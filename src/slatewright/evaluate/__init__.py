"""Evaluate: offline truth, with an interval on every number."""

from slatewright.evaluate.audit import Audit, Finding
from slatewright.evaluate.clicked import Clicked, clicks_on_slates
from slatewright.evaluate.evaluation import Breakdown, Evaluation, Group, Measured
from slatewright.evaluate.judged import Asked, Judged, judge
from slatewright.evaluate.judging import evaluate, evaluate_estimators, summarise
from slatewright.evaluate.lists import Recommender
from slatewright.evaluate.markdown import markdown
from slatewright.evaluate.pooling import evaluate_folds
from slatewright.evaluate.questions import QUESTIONS, Question
from slatewright.evaluate.ratings import RatingErrors, RatingEvaluation, evaluate_ratings, rating_errors
from slatewright.evaluate.segments import NO_SEGMENTS, By
from slatewright.evaluate.table import tables

__all__ = [
    "NO_SEGMENTS",
    "QUESTIONS",
    "Asked",
    "Audit",
    "Breakdown",
    "By",
    "Clicked",
    "Evaluation",
    "Finding",
    "Group",
    "Judged",
    "Measured",
    "Question",
    "RatingErrors",
    "RatingEvaluation",
    "Recommender",
    "clicks_on_slates",
    "evaluate",
    "evaluate_estimators",
    "evaluate_folds",
    "evaluate_ratings",
    "judge",
    "markdown",
    "rating_errors",
    "summarise",
    "tables",
]
