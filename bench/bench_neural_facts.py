"""Networks over facts: Wide & Deep and DCN-v2 on the Adult census, two towers and a content network on warm items.

    .venv/bin/python bench/bench_neural_facts.py [--data ../shared/data] [--parts adult ml1m online_retail]

Adult: the official test part; knobs are chosen by the area under the ROC curve on an eighth of the training part. The
bars are an accuracy of .850 and an AUC of .905. Warm items: as in bench_warm_items, a fifth of the items (five events
or more) is held out with all its events, and each user with other events is asked for the best 20 of them. The bar: two
towers beat the content model, each with the knobs chosen on the validation part, with intervals that do not overlap.
"""

import argparse
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from fact_worlds import ml1m, online_retail
from harness import record
from sklearn.metrics import log_loss, roc_auc_score
from warm_judging import K, judge, marks_of, search

from slatewright.data.dataset import Dataset
from slatewright.data.splits import WarmItems, warm_items
from slatewright.models import (
    ALS,
    Content,
    ContentNetwork,
    DeepCross,
    Estimator,
    FactFactors,
    FactFeatures,
    FactMapped,
    FactVectors,
    TwoTower,
    WideAndDeep,
)

SPLIT = WarmItems(rng=1)
TABLES: Mapping[str, tuple[WideAndDeep | DeepCross, ...]] = {
    "WideAndDeep": tuple(
        WideAndDeep(epochs=6, batch_size=512, dropout=dropout, embedding_dim=dim)
        for dropout, dim in ((0.2, 16), (0.4, 16), (0.4, 8))
    ),
    "DeepCross": tuple(
        DeepCross(epochs=6, batch_size=512, dropout=dropout, embedding_dim=dim)
        for dropout, dim in ((0.2, 16), (0.4, 16), (0.4, 8))
    ),
}


def texts(number_weight: float, width: int) -> FactVectors:
    """The features that were best for Content on the validation parts, turned to vectors."""
    return FactVectors(FactFeatures(piece_weight=2, number_weight=number_weight), width)


# Of the classical models the knobs that bench_warm_items chose on the validation part; towers were tried there by hand.
CHOSEN: Mapping[str, Mapping[str, Estimator]] = {
    "ml1m": {
        "Content": Content(FactFeatures(piece_weight=2, number_weight=1)),
        "FactMapped": FactMapped(ALS(reg=0.3)),
        "FactFactors": FactFactors(reg=0.3, item_reg=1.0),
        "ContentNetwork": ContentNetwork(estimator=ALS(reg=0.3), vectors=texts(1, 512)),
        "TwoTower": TwoTower(
            epochs=1,
            longest_history=32,
            id_dropout=0.5,
            dropout=0.3,
            vectors=FactVectors(FactFeatures(word_weight=0.3, piece_weight=0.3, number_weight=1), 64),
        ),
    },
    "online_retail": {
        "Content": Content(FactFeatures(piece_weight=2, number_weight=0.1)),
        "FactMapped": FactMapped(ALS(reg=0.1)),
        "FactFactors": FactFactors(reg=0.3, item_reg=1.0),
        "ContentNetwork": ContentNetwork(estimator=ALS(reg=0.1), vectors=texts(0.1, 512)),
        "TwoTower": TwoTower(epochs=7, id_dropout=1.0, vectors=texts(0.1, 512)),
    },
}


def adult(data: Path) -> dict[str, Any]:
    """Accuracy, AUC and log loss on the official test part."""
    train, test = (pl.read_parquet(data / "adult" / f"{part}.parquet") for part in ("train", "test"))
    held_out = np.random.default_rng(0).random(train.height) < 1 / 8
    found: dict[str, Any] = {"data": "adult", "rows": [train.height, test.height]}
    for name, tried in TABLES.items():
        marks = {str(at): judged(one, train.filter(~held_out), train.filter(held_out)) for at, one in enumerate(tried)}
        best = tried[int(max(marks, key=lambda at: marks[at]["auc"]))]
        start = time.perf_counter()
        knobs = {"dropout": best.dropout, "embedding_dim": best.embedding_dim, "epochs": best.epochs}
        found[name] = {"test": judged(best, train, test), "chosen": knobs, "validation": list(marks.values()),
                       "seconds": round(time.perf_counter() - start, 1)}  # fmt: skip
        print(name, found[name], flush=True)
    return found


def judged(estimator: WideAndDeep | DeepCross, train: pl.DataFrame, test: pl.DataFrame) -> dict[str, float]:
    """One fit, and how it does on other rows."""
    model = estimator.learn(train.drop("label"), train["label"].to_numpy())
    chances, labels = model.chances(test.drop("label")).astype(np.float64), test["label"].to_numpy()
    return {
        "accuracy": round(float(((chances > 0.5) == labels).mean()), 4),
        "auc": round(float(roc_auc_score(labels, chances)), 4),
        "log loss": round(float(log_loss(labels, chances)), 4),
    }


def warm(name: str, dataset: Dataset) -> dict[str, Any]:
    """The models on the test items, each lead paired with the content model."""
    fold = next(SPLIT.split(dataset))
    contenders, seconds = {}, {}
    for family, estimator in CHOSEN[name].items():
        start = time.perf_counter()
        contenders[family] = marks_of(estimator.fit(fold.train))
        seconds[family] = round(time.perf_counter() - start, 1)
        print(name, family, seconds[family], flush=True)
    return {
        "data": name,
        **judge(fold.test, warm_items(fold), contenders, ("Content",)),
        "fit seconds": seconds,
        "knobs": {family: repr(estimator) for family, estimator in CHOSEN[name].items()},
    }


def validated(name: str, dataset: Dataset) -> dict[str, Any]:
    """The same models on the validation part, where knobs are chosen."""
    fold = next(SPLIT.split(dataset))
    assert fold.validation is not None
    inner = fold.validation.train
    tried = {family: partial(one.fit, inner) for family, one in CHOSEN[name].items()}
    return {"data": name, "ndcg@20 on validation": search(fold, tried)[1]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--parts", nargs="+", default=["adult", "ml1m", "online_retail"])
    parser.add_argument("--validation", action="store_true", help="judge on the validation parts of the warm items")
    arguments = parser.parse_args()
    sets = {"ml1m": ml1m, "online_retail": online_retail}
    judging = validated if arguments.validation else warm
    found = [adult(arguments.data) if part == "adult" else judging(part, sets[part](arguments.data))
             for part in arguments.parts]  # fmt: skip
    for one in found:
        print(one)
    if not arguments.validation:
        record("neural_facts", {"k": K, "split": str(SPLIT), "results": found})


if __name__ == "__main__":
    main()
