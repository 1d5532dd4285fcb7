"""Every recorded result of full ranking again, by one command each or all at once.

    .venv/bin/python bench/accuracy.py --set gowalla --model graph_filter
    .venv/bin/python bench/accuracy.py                                       # all of them

Models are fitted on the train part as published and judged on the test part, every item ranked. Their knobs were
chosen on validation parts of the train files (``search.py``, ``bench/results/search.json``). Results go to
``bench/results/accuracy.json``: knobs, seeds, metrics, seconds of training and of listing.
"""

import argparse
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from full_ranking import DATA, Fold, evaluate, load, reweighted
from harness import record

from slatewright.models import (
    ALS,
    BPR,
    EASE,
    SLIM,
    Conversion,
    GraphFilter,
    ItemKNN,
    Popularity,
    PureSVD,
    RP3beta,
    SparseInverse,
    UserKNN,
    WeightedBlend,
)
from slatewright.models.model import Estimator

GOWALLA_FILTER = GraphFilter(
    embedding_dim=768, smooth_weight=0.15, sharpening=0.8, activity_discount=0.7, popularity_discount=0.75,
    score_discount=0.1,
)  # fmt: skip
GOWALLA_ALS = ALS(embedding_dim=512, reg=0.02, unobserved_weight=0.05, popularity_discount=0.4, epochs=8)

LCFN_EASE = EASE(reg=300, dropout=0.5)
LCFN_FILTER = GraphFilter(
    embedding_dim=256, smooth_weight=0.6, sharpening=0, activity_discount=0.3, popularity_discount=0.5,
    score_discount=0.3,
)  # fmt: skip
LCFN_ALS = ALS(embedding_dim=64, reg=0.05, unobserved_weight=0.1, popularity_discount=0.2, epochs=10)


@dataclass(frozen=True)
class Run:
    """What is fitted, and the best published figures that it stands beside, by metric."""

    estimator: Estimator
    beside: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    kind_weights: Mapping[str, float] = field(default_factory=dict)


CHEBYCF = {"ChebyCF": {"recall@20": 0.1941, "ndcg@20": 0.1616}, "GF-CF": {"recall@20": 0.1849, "ndcg@20": 0.1518}}
BEAUTY = {"SimpleX": {"recall@20": 0.1721, "ndcg@20": 0.1028}, "GF-CF": {"recall@20": 0.1586, "ndcg@20": 0.0986}}
ELECTRONICS = {"SimpleX": {"f1@20": 0.0338, "ndcg@20": 0.0842}, "ENMF": {"f1@20": 0.0314, "ndcg@20": 0.0823}}
LCFN = {
    "UltraGCN": {"f1@20": 0.2004, "ndcg@20": 0.2642, "recall@20": 0.2787},
    "SimpleX": {"f1@20": 0.1658, "ndcg@20": 0.2670, "recall@20": 0.2802},
}
TAOBAO = {"CascadingRank": {"hr@10": 0.3324, "ndcg@10": 0.1626}}

# As they come, without a knob turned, beside the published figures of their own kind (BARS).
DEFAULTS: Mapping[str, Run] = {
    "item_knn": Run(ItemKNN(), {"ItemCF": {"recall@20": 0.1570, "ndcg@20": 0.1214}}),
    "user_knn": Run(UserKNN()),
    "rp3beta": Run(RP3beta()),
    "als": Run(ALS()),
    "bpr": Run(BPR(), {"MF-BPR": {"recall@20": 0.1627, "ndcg@20": 0.1378}}),
    "pure_svd": Run(PureSVD()),
    "graph_filter": Run(GraphFilter(), CHEBYCF),
    "sparse_inverse": Run(SparseInverse()),
    "slim": Run(SLIM(), {"SLIM": {"recall@20": 0.1699, "ndcg@20": 0.1382}}),
}

RUNS: Mapping[str, Mapping[str, Run]] = {
    "gowalla": {
        "popularity": Run(Popularity()),
        **{f"{name}_defaults": run for name, run in DEFAULTS.items()},
        "graph_filter": Run(GOWALLA_FILTER, CHEBYCF),
        "best": Run(WeightedBlend((GOWALLA_FILTER, GOWALLA_ALS), (1.0, 0.4)), CHEBYCF),
    },
    "amazon_beauty_bgcf": {
        "popularity": Run(Popularity()),
        "graph_filter": Run(
            GraphFilter(embedding_dim=64, smooth_weight=0.1, sharpening=0, popularity_discount=0.7, score_discount=0),
            BEAUTY,
        ),
    },
    "amazon_electronics": {
        "popularity": Run(Popularity()),
        "graph_filter": Run(
            GraphFilter(embedding_dim=64, smooth_weight=0.05, sharpening=0, activity_discount=0.6, score_discount=0.4),
            ELECTRONICS,
        ),
    },
    "ml1m_lcfn": {
        "popularity": Run(Popularity()),
        "ease": Run(LCFN_EASE, LCFN),
        "graph_filter": Run(LCFN_FILTER, LCFN),
        "als": Run(LCFN_ALS, LCFN),
        "best": Run(WeightedBlend((LCFN_EASE, LCFN_FILTER, LCFN_ALS)), LCFN),
    },
    "taobao_behaviors": {
        "popularity": Run(Popularity()),
        "conversion": Run(Conversion(), TAOBAO),
    },
}
K = {"taobao_behaviors": (10,)}


def run(name: str, model: str, fold: Fold) -> dict[str, Any]:
    """One result: the metrics on the test part, the knobs, the time."""
    chosen = RUNS[name][model]
    fold = reweighted(fold, chosen.kind_weights) if chosen.kind_weights else fold
    start = time.perf_counter()
    fitted = chosen.estimator.fit(fold.train)
    trained = time.perf_counter()
    found = evaluate(fitted, fold, K.get(name, (20,)))
    return {
        "set": name,
        "model": model,
        **found,
        "published": {paper: dict(figures) for paper, figures in chosen.beside.items()},
        "knobs": repr(chosen.estimator),
        "kind_weights": dict(chosen.kind_weights),
        "fit_seconds": round(trained - start, 1),
        "list_seconds": round(time.perf_counter() - trained, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=RUNS, help="one set; default: all")
    parser.add_argument("--model", help="one model; default: all of the set")
    parser.add_argument("--data", type=Path, default=DATA)
    arguments = parser.parse_args()
    for name in [arguments.set] if arguments.set else RUNS:
        fold = load(name, arguments.data)
        for model in [arguments.model] if arguments.model else RUNS[name]:
            if model not in RUNS[name]:
                parser.error(f"--model must be one of {', '.join(RUNS[name])} for {name}, got {model!r}")
            record("accuracy", run(name, model, fold))


if __name__ == "__main__":
    main()
