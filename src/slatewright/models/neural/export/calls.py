"""What can be exported, by name: a process that only writes a graph is told the name."""

from collections.abc import Callable, Mapping

from slatewright.models.neural.export.encoding import (
    FactorHistories,
    FactRows,
    HistoryScores,
    PairHistories,
    TowerHistories,
)
from slatewright.models.neural.facts.fact_net import Marks
from slatewright.models.neural.facts.in_batch import Vectors
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.answering import PairScores
from slatewright.models.neural.sequences.objective import Reading
from slatewright.models.neural.task import Call

CALLS: Mapping[str, Callable[[Spec], Call]] = {
    "history_scores": HistoryScores,  # names of items in, vectors and scores out
    "reading": Reading,  # the dense part of the same, for the server
    "fact_rows": FactRows,  # rows of tables in, scores out
    "marks": Marks,  # the dense part of the same
    "pair_histories": PairHistories,
    "pair_scores": PairScores,
    "factor_histories": FactorHistories,
    "tower_histories": TowerHistories,
    "person": lambda spec: Vectors(spec, "person"),  # the dense part of the same
}
