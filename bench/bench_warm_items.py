"""Warm items: what content and hybrid models find among items that training has no event of, beside popularity.

    .venv/bin/python bench/bench_warm_items.py [--data ../shared/data] [--peer-python /path/to/python]

A fifth of the items (five events or more) is held out with all its events; each user with other events is asked for
the best 20 of them, all of them ranked. Knobs are chosen on a fifth of the remaining items, held out the same way. The
bar: content and hybrid models beat random and category popularity with intervals that do not overlap, on
online_retail and on ml1m. ``--peer-python`` is a Python with LightFM (``pip install rectools-lightfm``); it may be
given as SLATEWRIGHT_PEERS too, and is left out where LightFM is not there.
"""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from fact_worlds import ml1m, movies_of_another_shop, online_retail, two_parts_of_online_retail
from harness import record
from warm_judging import K, at_random, category_popularity, judge, marks_of, own_categories, search

from slatewright.core.arrays import Array
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.data.interactions import Interactions
from slatewright.data.splits import Fold, WarmItems, cases_of, warm_items
from slatewright.models import (
    ALS,
    Content,
    Estimator,
    FactFactors,
    FactFeatures,
    FactMap,
    FactMapped,
    Model,
    Popularity,
)

BASELINES = ("random", "category popularity", "own categories")
SPLIT = WarmItems(rng=1)  # the defaults of the models were set on the items that rng=0 draws
EPOCHS, DIM = 30, 64  # of LightFM; on the validation part of online_retail 30 were better than 10
TRIED: dict[str, dict[str, Estimator]] = {
    "Content": {
        f"piece_weight={pieces} number_weight={numbers}": Content(
            FactFeatures(piece_weight=pieces, number_weight=numbers)
        )
        for pieces, numbers in product((0.5, 1.0, 2.0), (0.1, 0.25, 1.0))
    },
    "FactMapped": {f"ALS.reg={reg}": FactMapped(ALS(reg=reg)) for reg in (0.02, 0.1, 0.3, 1.0)},
    "FactFactors": {
        f"reg={reg} item_reg={item_reg}": FactFactors(reg=reg, item_reg=item_reg)
        for reg, item_reg in product((0.1, 0.3, 1.0), (0.3, 1.0, 3.0))
    },
}
USUAL: dict[str, Estimator] = {"Content": Content(), "FactMapped": FactMapped(), "FactFactors": FactFactors()}


def warm(name: str, dataset: Dataset, column: str, peer: str | None) -> dict[str, Any]:
    """One data set: baselines, our models with default knobs and with chosen ones, LightFM."""
    fold = next(SPLIT.split(dataset))
    inner = fold.validation
    assert inner is not None
    contenders = _baselines(fold, column)
    searches: dict[str, Any] = {}
    seconds: dict[str, float] = {}
    for family, tried in TRIED.items():
        best, figures = search(fold, {label: partial(one.fit, inner.train) for label, one in tried.items()})
        searches[family] = {"chosen": best, "ndcg@20 on validation": figures}
        for label, estimator in ((family, USUAL[family]), (f"{family}, chosen", tried[best])):
            start = time.perf_counter()
            contenders[label] = marks_of(estimator.fit(fold.train))
            seconds[label] = round(time.perf_counter() - start, 2)
        print(name, family, best, flush=True)
    if peer:
        scores, seconds["LightFM"] = lightfm(fold, peer)
        contenders["LightFM"] = lambda histories, items: scores
    return {
        "data": name,
        **judge(fold.test, warm_items(fold), contenders, BASELINES),
        "fit seconds": seconds,
        "search": searches,
    }


def _baselines(fold: Fold, column: str) -> dict[str, Callable[[Histories, Array], Array]]:
    return {
        "random": at_random(fold),
        "category popularity": category_popularity(fold, column),
        "own categories": own_categories(fold, column),
    }


def lightfm(fold: Fold, peer: str) -> tuple[Array, float]:
    """Scores of the warm items and the seconds of the fit; the features are ours, without pieces of words."""
    table, facts = fold.train.interactions, fold.train.item_facts
    sold = np.bincount(table.item, minlength=fold.train.n_items) > 0
    rows = FactFeatures(piece_weight=0, weighting="tfidf", number_weight=1).learn(facts, sold).matrix(facts)
    cases, _ = fold.train.users.locate(fold.test.users)
    with tempfile.TemporaryDirectory() as folder:
        source, target = f"{folder}/arrays.npz", f"{folder}/scores.npy"
        np.savez(
            source, users=table.user, items=table.item, shape=(fold.train.n_users, fold.train.n_items), cases=cases,
            asked=warm_items(fold), values=rows.data, columns=rows.indices, offsets=rows.indptr,
        )  # fmt: skip
        script = Path(__file__).with_name("lightfm_peer.py")
        command = [peer, str(script), source, target, str(EPOCHS), str(DIM)]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return np.load(target), float(answer.stdout.split()[-1])


def transfer(name: str, here: Dataset, there: Dataset, column: str) -> dict[str, Any]:
    """A map learned in one shop, used in another that has no item in common with it; nothing there is learned from."""
    fold = next(SPLIT.split(there))
    learned = FactMap().learn(ALS(reg=0.1).fit(here), here.item_facts)
    models: dict[str, Model] = {
        "transferred map": learned.transfer(fold.train),
        "Content, learned there": Content().fit(fold.train),
        "FactFactors, learned there": FactFactors().fit(fold.train),
    }
    contenders = _baselines(fold, column) | {label: marks_of(model) for label, model in models.items()}
    return {"transfer": name, "reg": learned.reg, **judge(fold.test, warm_items(fold), contenders, BASELINES)}


def cold_users(name: str, dataset: Dataset) -> dict[str, Any]:
    """A fifth of the users is known by facts alone; all items are ranked, beside plain popularity."""
    table = dataset.interactions
    cold = np.random.default_rng(1).random(dataset.n_users)[table.user] < 0.2
    columns = {name: getattr(table, name)[~cold] for name in ("user", "item", "kind", "value", "weight", "time")}
    train = replace(dataset, interactions=Interactions(**columns, kinds=table.kinds))
    models: dict[str, Estimator] = {
        "popularity": Popularity(),
        "Content": Content(),
        "FactFactors": FactFactors(),
        "ALS": ALS(),
    }
    marks = {label: marks_of(estimator.fit(train)) for label, estimator in models.items()}
    cases = cases_of(train, dataset, cold, as_of=dataset.as_of)
    return {"cold users": name, **judge(cases, np.arange(dataset.n_items, dtype=np.int32), marks, ("popularity",))}


def peer_python(given: str | None) -> str | None:
    """The Python that has LightFM, or None."""
    python = given or os.environ.get("SLATEWRIGHT_PEERS")
    if not python or subprocess.run([python, "-c", "import lightfm"], check=False, capture_output=True).returncode:
        print("LightFM is left out: no Python that has it (see --peer-python)")
        return None
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--peer-python")
    arguments = parser.parse_args()
    data, peer = arguments.data, peer_python(arguments.peer_python)
    found = [
        warm("ml1m", ml1m(data), "genres", peer),
        warm("online_retail", online_retail(data), "title", peer),
        cold_users("ml1m", ml1m(data)),
        transfer("ml1m to new movies of ml_latest_small", ml1m(data), movies_of_another_shop(data), "genres"),
        transfer("online_retail: first year, half of the items, to newcomers and the other half",
                 *two_parts_of_online_retail(data), "title"),
    ]  # fmt: skip
    record("warm_items", {"k": K, "split": str(SPLIT), "results": found})


if __name__ == "__main__":
    main()
