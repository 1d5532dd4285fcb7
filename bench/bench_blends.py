"""Blends beside their parts on the fixed splits: what adding, and learning how to add, is worth.

    .venv/bin/python bench/bench_blends.py [--data ../shared/data]

Full ranking, Recall@20 and NDCG@20. No knob was chosen on a test part: the parts have one setting for all data sets,
and a stacked blend learns its weights inside the training part.
"""

import argparse
import time
from pathlib import Path
from typing import Any

from full_ranking import DATA, Fold, evaluate, load
from harness import record

from slatewright.models import ALS, EASE, Estimator, ItemKNN, Popularity, StackedBlend, SwitchingBlend, WeightedBlend

FACTORS = ALS(embedding_dim=64, epochs=10)
NEAR = ItemKNN(n_neighbors=100, weighting="bm25")
LINEAR = EASE(reg=200.0)
POPULAR = Popularity()
PARTS = (FACTORS, NEAR, LINEAR, POPULAR)
CASES: dict[str, Estimator] = {
    "ALS": FACTORS,
    "ItemKNN": NEAR,
    "EASE": LINEAR,
    "switched at 10 events": SwitchingBlend((NEAR, LINEAR), (10,)),
    "equal weights": WeightedBlend(PARTS),
    "equal weights, by rank": WeightedBlend(PARTS, normalisation="rank"),
    "equal weights, by reciprocal rank": WeightedBlend(PARTS, normalisation="reciprocal_rank"),
    "stacked": StackedBlend(PARTS),
    "stacked, bands at 10 and 30": StackedBlend(PARTS, (10, 30)),
}


def judged(estimator: Estimator, fold: Fold) -> dict[str, Any]:
    """Figures of one estimator, and the weights it learned."""
    start = time.perf_counter()
    model = estimator.fit(fold.train)
    seconds = time.perf_counter() - start
    found = evaluate(model, fold)
    weights = getattr(model, "weights", None)
    return {
        "recall@20": round(found["recall@20"], 4), "ndcg@20": round(found["ndcg@20"], 4),
        "fit_seconds": round(seconds, 1), **({} if weights is None else {"weights": weights.round(3).tolist()}),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    arguments = parser.parse_args()
    entries: dict[str, dict[str, Any]] = {}
    for name in ("amazon_beauty_bgcf", "amazon_electronics", "ml1m_lcfn"):
        fold = load(name, arguments.data)
        entries[name] = {}
        for label, estimator in CASES.items():
            entries[name][label] = judged(estimator, fold)
            print(name, label, entries[name][label], flush=True)
    record("blends", {"data": entries})


if __name__ == "__main__":
    main()
