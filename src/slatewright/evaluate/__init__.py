"""Evaluate: offline truth, with an interval on every number."""

from slatewright.evaluate.evaluation import Evaluation, Group, Measured
from slatewright.evaluate.judging import evaluate, evaluate_estimators
from slatewright.evaluate.lists import Recommender
from slatewright.evaluate.markdown import markdown
from slatewright.evaluate.questions import QUESTIONS, Question
from slatewright.evaluate.table import tables

__all__ = [
    "QUESTIONS",
    "Evaluation",
    "Group",
    "Measured",
    "Question",
    "Recommender",
    "evaluate",
    "evaluate_estimators",
    "markdown",
    "tables",
]
