"""Knobs chosen on the validation part of a fixed split, one knob after the other; every trial is recorded.

    .venv/bin/python bench/search.py gowalla graph_filter [--users 5000] [--rounds 1]

Nothing of the test part is read. The result goes to ``bench/results/search.json``; what ``accuracy.py`` runs on the
test part are knobs found here.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from full_ranking import DATA, Fold, evaluate, load, reweighted, validation
from harness import record

from slatewright.models import ALS, EASE, GraphFilter, ItemKNN
from slatewright.models.model import Estimator

K = {"taobao_behaviors": 10}
METRICS = {"taobao_behaviors": ("hr", "ndcg"), "amazon_electronics": ("f1", "ndcg")}
KIND_WEIGHTS = "kind_weights"  # a setting of the data, not of the estimator: what a view, a cart, a buy weighs


@dataclass(frozen=True)
class Space:
    """Where a search starts, and the values of each knob that it tries, in the order of the knobs."""

    start: Estimator
    values: Mapping[str, Sequence[Any]]


SPACES: Mapping[str, Space] = {
    "graph_filter": Space(
        GraphFilter(),
        {
            "activity_discount": (0.3, 0.5, 0.6, 0.7, 0.8, 1.0),
            "smooth_weight": (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6),
            "embedding_dim": (32, 64, 128, 256, 512, 768, 1024),
            "score_discount": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5),
            "popularity_discount": (0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
        },
    ),
    "als": Space(
        ALS(embedding_dim=256, epochs=10),
        {
            "reg": (0.005, 0.02, 0.05, 0.1),
            "unobserved_weight": (0.02, 0.05, 0.1, 0.2),
            "popularity_discount": (0.2, 0.4, 0.6),
            "embedding_dim": (64, 128, 256, 512),
        },
    ),
    "ease": Space(
        EASE(),
        {"reg": (10.0, 30.0, 100.0, 300.0, 1000.0), "dropout": (0.0, 0.2, 0.5), "activity_discount": (0.0, 0.5, 1.0)},
    ),
    "item_knn": Space(ItemKNN(), {"n_neighbors": (20, 50, 100, 200, 400), "shrinkage": (0.0, 10.0, 30.0)}),
}


def fewer_users(fold: Fold, n: int, seed: int = 0) -> Fold:
    """The same fold, only some of the users asked."""
    asked = np.flatnonzero(fold.hidden.lengths())
    chosen = np.zeros(fold.train.n_users, np.bool_)
    chosen[np.random.default_rng(seed).choice(asked, min(n, len(asked)), replace=False)] = True
    return replace(fold, hidden=fold.hidden.only(np.repeat(chosen, fold.hidden.lengths())))


def goal(name: str) -> Callable[[Mapping[str, float]], float]:
    """The sum of the two metrics of a set, each as a share of a typical value (NDCG counts a bit more)."""
    k, (one, other) = K.get(name, 20), METRICS.get(name, ("recall", "ndcg"))
    return lambda found: found[f"{one}@{k}"] + 1.3 * found[f"{other}@{k}"]


def search(name: str, fold: Fold, space: Space, rounds: int) -> list[dict[str, Any]]:
    """Each trial in order: the knobs that differ from the start, what they scored, seconds."""
    best, trials, tried = space.start, [], {}
    value = goal(name)

    def trial(one: Estimator) -> float:
        if one not in tried:
            start = time.perf_counter()
            found = evaluate(one.fit(fold.train), fold, (K.get(name, 20),))
            tried[one] = value(found)
            knobs = {knob: getattr(one, knob) for knob in space.values}
            trials.append({**knobs, **found, "seconds": round(time.perf_counter() - start, 1)})
            print(trials[-1], flush=True)
        return tried[one]

    trial(best)
    for _ in range(rounds):
        for knob, values in space.values.items():
            best = max([best, *(replace(best, **{knob: one}) for one in values)], key=trial)  # type: ignore[type-var]
    print("best", best)
    return trials


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set")
    parser.add_argument("model", choices=SPACES)
    parser.add_argument("--users", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--weights", type=float, nargs="*", help="of each kind, in the order of their names")
    parser.add_argument("--data", type=Path, default=DATA)
    arguments = parser.parse_args()
    fold = validation(load(arguments.set, arguments.data))
    if arguments.weights:
        fold = reweighted(fold, dict(zip(fold.train.interactions.kinds, arguments.weights, strict=True)))
    fold = fewer_users(fold, arguments.users)
    trials = search(arguments.set, fold, SPACES[arguments.model], arguments.rounds)
    value = goal(arguments.set)
    about = {"set": arguments.set, "model": arguments.model, "users": arguments.users, KIND_WEIGHTS: arguments.weights}
    lines = [" ".join(f"{name}={one}" for name, one in trial.items()) for trial in trials]
    record("search", {**about, "best": max(trials, key=value), "trials": lines})


if __name__ == "__main__":
    main()
