"""Boosted trees that learn an order."""

from dataclasses import dataclass
from typing import Annotated, Any

import lazy_loader
import numba
import numpy as np

from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.models.rankers.contracts import RankingTable
from slatewright.models.rankers.trees import Trees

lightgbm = lazy_loader.load("lightgbm")
FEW_ROWS = 1_000_000  # up to here a second thread mostly waits, and costs more than it brings beside other work
MOST_ROWS = 10_000  # that LightGBM takes in one question
LOSSES = ("lambdarank", "rank_xendcg", "binary")


@dataclass(frozen=True)
class LambdaRank:
    """Learn to put what is taken above what is not, with boosted trees (LightGBM).

    Burges: From RankNet to LambdaRank to LambdaMART (Microsoft Research, 2010); Ke and others: LightGBM (NeurIPS 2017).
    """

    n_trees: Annotated[int, Knob("how many trees; each costs a few microseconds per request", least=1)] = 100
    n_leaves: Annotated[int, Knob("most leaves of a tree", least=2, search=(7, 63))] = 15
    max_depth: Annotated[int, Knob("most questions on the way to a leaf", least=1, most=32)] = 6
    learning_rate: Annotated[float, Knob("how much of itself a tree adds", above=0, most=1, search=(0.02, 0.3))] = 0.1
    min_rows: Annotated[int, Knob("candidates that a leaf must have at least", least=1, search=(10, 500))] = 50
    reg: Annotated[float, Knob("how much trust in a leaf it takes to use it", least=0)] = 1.0
    loss: Annotated[
        str, Knob("lambdarank: NDCG; rank_xendcg: its smooth bound; binary: each row alone", choices=LOSSES)
    ] = "lambdarank"
    depth: Annotated[int, Knob("how many places of a list count", least=1)] = 30
    rng: Annotated[int, Knob("seed", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, table: RankingTable) -> Trees:
        """Learn from the questions that hold something right and something else.

        Raises:
            BadInput: there are none, or one has too many candidates.
        """
        taught = table.teaching()
        if len(taught) == 0:
            raise BadInput("a ranker must have questions with something taken and something not, got none")
        longest = int(np.diff(taught.offsets).max())
        if longest > MOST_ROWS and self.loss != "binary":
            raise BadInput(
                f"a question must have at most {MOST_ROWS:,} candidates to learn their order, got {longest:,}; "
                "lower Lessons.n_negatives, or learn with loss='binary'"
            )
        data = lightgbm.Dataset(
            taught.values,
            taught.taken.astype(np.float32),
            group=np.diff(taught.offsets),
            weight=taught.weights,
            feature_name=[f"f{at}" for at in range(len(taught.names))],
            params={"verbose": -1},
        )
        threads = numba.get_num_threads() if len(taught.taken) > FEW_ROWS else 1
        booster = lightgbm.train(self._knobs() | {"num_threads": threads}, data, num_boost_round=self.n_trees)
        return Trees(np.frombuffer(booster.model_to_string().encode(), dtype=np.uint8))

    def _knobs(self) -> dict[str, Any]:
        return {
            "objective": self.loss,
            "lambdarank_truncation_level": self.depth,
            "num_leaves": self.n_leaves,
            "max_depth": self.max_depth,
            "learning_rate": self.learning_rate,
            "min_data_in_leaf": self.min_rows,
            "lambda_l2": self.reg,
            "seed": self.rng,
            "deterministic": True,
            "force_col_wise": True,
            "verbose": -1,
        }
