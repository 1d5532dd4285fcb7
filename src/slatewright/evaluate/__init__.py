"""Evaluate: offline truth, with an interval on every number."""

from slatewright.evaluate.evaluation import Evaluation, Group, Measured
from slatewright.evaluate.judged import Asked, Judged, judge
from slatewright.evaluate.judging import evaluate, evaluate_estimators, summarise
from slatewright.evaluate.lists import Recommender
from slatewright.evaluate.markdown import markdown
from slatewright.evaluate.questions import QUESTIONS, Question
from slatewright.evaluate.ratings import RatingErrors, RatingEvaluation, evaluate_ratings, rating_errors
from slatewright.evaluate.table import tables

__all__ = [
    "QUESTIONS",
    "Asked",
    "Evaluation",
    "Group",
    "Judged",
    "Measured",
    "Question",
    "RatingErrors",
    "RatingEvaluation",
    "Recommender",
    "evaluate",
    "evaluate_estimators",
    "evaluate_ratings",
    "judge",
    "markdown",
    "rating_errors",
    "summarise",
    "tables",
]
