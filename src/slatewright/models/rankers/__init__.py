"""Rankers: the second stage's learners. From a table of questions to marks; one ranker, one file."""

from slatewright.models.rankers.contracts import FittedRanker, Ranker, RankingTable
from slatewright.models.rankers.lambdarank import LambdaRank
from slatewright.models.rankers.linear import LinearRanker

__all__ = ["FittedRanker", "LambdaRank", "LinearRanker", "Ranker", "RankingTable"]
