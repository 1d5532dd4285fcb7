"""Half precision is a knob of every estimator over facts."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.models import ALS, DMF, ContentNetwork, DeepCross, TwoTower, WideAndDeep
from slatewright.testing.worlds import two_tastes

from .test_two_tower import world


@pytest.mark.parametrize("table", [WideAndDeep, DeepCross])
def test_a_table_is_learned_in_half_precision(table: type[WideAndDeep | DeepCross]) -> None:
    facts, labels = pl.DataFrame({"age": np.arange(60.0), "color": ["red", "blue", "red"] * 20}), np.arange(60) > 30
    knobs = table(embedding_dim=2, layers=(4,), epochs=15, batch_size=60, learning_rate=0.05, precision="bfloat16")
    chances = knobs.learn(facts, labels).chances(facts)
    assert chances.dtype == np.float32
    assert ((chances > 0.5) == labels).mean() > 0.9


@pytest.mark.parametrize(
    "estimator",
    [
        TwoTower(embedding_dim=4, layers=(8, 4), epochs=1, batch_size=128, longest_history=5, dropout=0),
        DMF(embedding_dim=4, layers=(8, 4), epochs=1, batch_size=128, longest_history=8, n_candidates=8),
        ContentNetwork(estimator=ALS(embedding_dim=4), layers=(8,), epochs=1, batch_size=32, dropout=0),
    ],
    ids=lambda one: type(one).__name__,
)
def test_towers_learn_in_half_precision(estimator: TwoTower | DMF | ContentNetwork) -> None:
    town = dataset_of(two_tastes()) if isinstance(estimator, DMF) else world()
    scores = replace(estimator, precision="bfloat16").fit(town).score(town.histories())
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
