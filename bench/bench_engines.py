"""Every neural model on every engine: how far the three are apart, beside how far three seeds are.

    .venv/bin/python bench/bench_engines.py [--data ../shared/data] [--groups adult pairs sequences warm]

Each group of models is trained by a process per engine (``KERAS_BACKEND``), with three seeds, on real data, briefly:
to be alike is asked for, not to be good. All are judged on validation parts, the same for every seed, that no test row
is in. Equal seeds start from equal numbers and draw the same batches; masks of dropout are the engine's own, except in
SASRec. A model agrees where no two engines' means are further apart than Tukey's test at 5 % lets pass, which is 2.5
times the noise: the standard deviation over the seeds of an engine, pooled. Results go to
``bench/results/engines.json`` after each group.
"""

import argparse
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import fact_worlds
import ncf_protocol
import numpy as np
import polars as pl
import sequence_sets
from bench_neural_facts import SPLIT, texts
from bench_neural_facts import judged as judged_table
from harness import measured, record
from scipy.stats import studentized_range
from warm_judging import per_user

from slatewright.data.splits import warm_items
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

ENGINES, SEEDS = ("jax", "torch", "tensorflow"), (0, 1, 2)
Judge: TypeAlias = Callable[[Any], float]  # an estimator's figure

SHORT = SASRec(epochs=3, embedding_dim=32, batch_size=16, n_negatives=256, learning_rate=5e-3)
MODELS: Mapping[str, Mapping[str, Any]] = {
    "adult": {
        "WideAndDeep": WideAndDeep(epochs=3, batch_size=512),
        "DeepCross": DeepCross(epochs=3, batch_size=512),
    },
    "pairs": {
        "MF": MF(
            embedding_dim=32, epochs=5, learning_rate=1e-2, loss="mse", negatives_from="shared", n_negatives=64,
            negative_exponent=0.25, unobserved_weight=0.23, reg=0.0175,
        ),
        "GMF": GMF(embedding_dim=32, epochs=5, learning_rate=1e-2),
        "MLP": MLP(layers=(32, 16, 8), epochs=4, learning_rate=5e-3, dropout=0.1),
        "NeuMF": NeuMF(embedding_dim=16, layers=(32, 16, 8), epochs=3, pretrain_epochs=2, learning_rate=5e-3),
        "DMF": DMF(embedding_dim=32, layers=(32,), epochs=2, longest_history=10, longest_audience=10),
    },
    "sequences": {"SASRec": SHORT, "SASRec, loss of gSASRec": replace(SHORT, loss="gbce")},
    "warm": {
        "TwoTower": TwoTower(
            epochs=1, embedding_dim=32, layers=(64, 32), longest_history=20, vectors=texts(1, 64), id_dropout=1.0
        ),
        "ContentNetwork": ContentNetwork(estimator=ALS(embedding_dim=32, epochs=8), vectors=texts(1, 256), epochs=30),
    },
}  # fmt: skip


def adult(data: Path) -> tuple[str, Judge]:
    """An eighth of the rows of the training part is asked for."""
    rows = pl.read_parquet(data / "adult" / "train.parquet")
    asked = np.random.default_rng(0).random(rows.height) < 1 / 8
    return "Adult, AUC", lambda one: judged_table(one, rows.filter(~asked), rows.filter(asked))["auc"]


def pairs(data: Path) -> tuple[str, Judge]:
    """NCF's game with the last training row of each user; a quarter of the users."""
    task = ncf_protocol.of_first(ncf_protocol.validation(data), 1_510)
    return "ML-1M, NCF's NDCG@10", lambda one: ncf_protocol.judged(one.fit(task.train), task)["ndcg@10"]


def sequences(data: Path) -> tuple[str, Judge]:
    """The latest event that each history of the train part has is asked for; a sixth of the users."""
    part = sequence_sets.validation(sequence_sets.load("ml1m", data), 1_000)
    return "ML-1M, NDCG@10 of all", lambda one: sequence_sets.judged(one.fit(part.train), part)["ndcg@10"]


def warm(data: Path) -> tuple[str, Judge]:
    """Items of the train part without any event left are ranked."""
    inner = next(SPLIT.split(fact_worlds.ml1m(data))).validation
    assert inner is not None
    asked, cases = warm_items(inner), inner.test

    def judge(one: Any) -> float:
        return float(per_user(one.fit(inner.train).score(cases.histories, asked), asked, cases)[:, 1].mean())

    return "ML-1M's warm items, NDCG@20", judge


GROUPS: Mapping[str, Callable[[Path], tuple[str, Judge]]] = {
    "adult": adult, "pairs": pairs, "sequences": sequences, "warm": warm,
}  # fmt: skip


def trained(group: str, data: str) -> dict[str, Any]:
    """On the engine of this process: the metric, and of each model the figure and the seconds of every seed."""
    metric, judge = GROUPS[group](Path(data))
    found: dict[str, Any] = {"metric": metric, "figures": {}, "seconds": {}}
    for name, estimator in MODELS[group].items():
        start = time.perf_counter()
        found["figures"][name] = [round(judge(replace(estimator, rng=seed)), 5) for seed in SEEDS]
        found["seconds"][name] = round(time.perf_counter() - start, 1)
    return found


def on_all_engines(group: str, data: Path) -> dict[str, Any]:
    """One group of models; a process per engine."""
    found = {}
    for engine in ENGINES:
        os.environ |= {"KERAS_BACKEND": engine, "TF_CPP_MIN_LOG_LEVEL": "3"}
        found[engine] = measured(trained, group=group, data=str(data)).result
        print(group, engine, found[engine], flush=True)
    models = {
        name: {
            **compared({engine: one["figures"][name] for engine, one in found.items()}),
            "seconds": {engine: one["seconds"][name] for engine, one in found.items()},
            "knobs": repr(estimator),
        }
        for name, estimator in MODELS[group].items()
    }
    return {"group": group, "metric": found[ENGINES[0]]["metric"], "seeds": list(SEEDS), "models": models}


def compared(figures: Mapping[str, list[float]]) -> dict[str, Any]:
    """Figures of each engine's seeds: their means, the noise of a seed, the widest gap between two means."""
    table = np.array(list(figures.values()))
    means, noise = table.mean(axis=1), float(np.sqrt(table.var(axis=1, ddof=1).mean()))
    n_engines, n_seeds = table.shape
    passes = studentized_range.ppf(0.95, n_engines, n_engines * (n_seeds - 1)) * noise / np.sqrt(n_seeds)
    gap = float(np.ptp(means))
    return {
        "figures": dict(figures),
        "means": dict(zip(figures, (round(float(one), 4) for one in means), strict=True)),
        "noise": round(noise, 5),
        "gap": round(gap, 5),
        "gap of one seed": round(float(np.ptp(table, axis=0).max()), 5),
        "agree": bool(gap <= passes),
    }


def rows(found: Mapping[str, Any]) -> str:
    """As the table in docs/neural.md has them."""
    lines = []
    for name, one in found["models"].items():
        cells = " | ".join(f"{mean:.4f} ± {np.ptp(one['figures'][at]) / 2:.4f}" for at, mean in one["means"].items())
        verdict = "yes" if one["agree"] else "**no**"
        lines.append(f"| {name} | {found['metric']} | {cells} | {one['noise']:.4f} | {one['gap']:.4f} | {verdict} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--groups", nargs="+", choices=GROUPS, default=list(GROUPS))
    arguments = parser.parse_args()
    for group in arguments.groups:
        found = on_all_engines(group, arguments.data)
        record("engines", found)
        print(rows(found), flush=True)


if __name__ == "__main__":
    main()
