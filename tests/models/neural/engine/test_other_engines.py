"""Each neural model trained once on the engines that the other tests do not run on: one process per engine for all."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from slatewright.core.arrays import Scores
from slatewright.data.dataset import dataset_of
from slatewright.models import (
    ALS,
    DMF,
    GMF,
    MF,
    MLP,
    ContentNetwork,
    DeepCross,
    NeuMF,
    SASRec,
    TwoTower,
    WideAndDeep,
)
from slatewright.models.model import Estimator
from slatewright.testing.worlds import two_tastes

# One line per neural model. Equal seeds start it from equal numbers on every engine; dropout, whose masks are the
# engine's own, is off, so what is learned differs by rounding only.
MODELS: Mapping[str, Estimator] = {
    "MF": MF(embedding_dim=4, epochs=3, batch_size=64, learning_rate=0.02),
    "MF of shared negatives": MF(
        embedding_dim=4, epochs=3, batch_size=64, learning_rate=0.02, negatives_from="shared", loss="softmax"
    ),
    "GMF": GMF(embedding_dim=4, epochs=3, batch_size=64, learning_rate=0.02, clip_norm=0.5, weight_decay=0.1),
    "MLP": MLP(layers=(8, 4), epochs=3, batch_size=64, learning_rate=0.02),
    "NeuMF": NeuMF(embedding_dim=4, layers=(8, 4), epochs=3, batch_size=64, learning_rate=0.02, pretrain_epochs=1),
    "SASRec": SASRec(embedding_dim=8, n_heads=2, longest_history=8, batch_size=16, epochs=2, n_negatives=6),
    "gSASRec": SASRec(
        embedding_dim=8, n_blocks=1, longest_history=8, batch_size=16, epochs=2, n_negatives=6, loss="gbce"
    ),
    "WideAndDeep": WideAndDeep(embedding_dim=4, layers=(8,), epochs=2, batch_size=256, longest_history=5, dropout=0),
    "DeepCross": DeepCross(embedding_dim=4, layers=(8,), epochs=2, batch_size=256, longest_history=5, dropout=0),
    "TwoTower": TwoTower(embedding_dim=4, layers=(8, 4), epochs=2, batch_size=128, longest_history=5, dropout=0),
    "DMF": DMF(embedding_dim=4, layers=(4,), epochs=2, batch_size=128, longest_history=8, n_candidates=8),
    "ContentNetwork": ContentNetwork(estimator=ALS(embedding_dim=4), layers=(8,), epochs=4, batch_size=32, dropout=0),
}

CHILD = """
import json, sys
from tests.models.neural.engine.test_other_engines import scored
found = {name: scores.tolist() for name, scores in scored().items()}
threads = []
if sys.argv[1] == "torch":
    import torch
    from slatewright.models.neural.engine.torch_engine import TorchEngine
    threads.append(torch.get_num_threads())
    torch.set_num_threads(3)
    TorchEngine()
    threads.append(torch.get_num_threads())
print(json.dumps({"scores": found, "threads": threads}))
"""
THREADS = {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "2"}  # those of Numba shall not become PyTorch's


def scored() -> Mapping[str, Scores]:
    """What every model says of the town, float32 (users, items), on the engine of this process."""
    events = two_tastes()
    facts = events.select("item_id").unique().with_columns(taste=pl.col("item_id").str.tail(1).cast(pl.Int8) % 2)
    town = dataset_of(events, item_facts=facts.cast({"taste": pl.String}))
    return {name: estimator.fit(town).score(town.histories()) for name, estimator in MODELS.items()}


@cache
def _expected() -> Mapping[str, Scores]:
    return scored()


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_models_are_the_same_on_every_engine(engine: str) -> None:
    if find_spec(engine) is None:
        pytest.skip(f"{engine} is not installed")
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CHILD, engine],
        cwd=Path(__file__).parents[4],
        env=os.environ | {"KERAS_BACKEND": engine, "TF_CPP_MIN_LOG_LEVEL": "3"} | THREADS,
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    found = json.loads(ran.stdout.decode().splitlines()[-1])
    if engine == "torch":
        assert found["threads"] == [1, 3]  # of the environment, then those that a person asked for
    for name, expected in _expected().items():
        np.testing.assert_allclose(
            np.array(found["scores"][name]), expected, rtol=0.02, atol=0.02, err_msg=f"{name} on {engine}"
        )
