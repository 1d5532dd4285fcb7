"""What exports in f16 and int8 lose on real catalogues: recall of the model's ten best, parity, bytes.

    .venv/bin/python bench/bench_exports.py [--set online_retail] [--model TwoTower] [--data ../shared/data]

A few passes of training are enough: what is compared is the export and the model that it was made of, over a thousand
histories. Graphs lie in ONNX Runtime and in TensorFlow. Results go to ``bench/results/exports.json``.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import fact_worlds
import numpy as np
import sequence_sets
from harness import record

from slatewright.core.arrays import Arrays
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.lifecycle.exporting import bytes_of, parity_and_recall
from slatewright.models import Estimator, Model, SASRec, TwoTower
from slatewright.models.neural.export.shapes import exported
from slatewright.models.neural.export.writing import FORMATS, PRECISIONS, written

N = 1_000  # histories
SETS: Mapping[tuple[str, str], Callable[[Path], Dataset]] = {
    ("online_retail", "TwoTower"): fact_worlds.online_retail,
    ("ml1m", "TwoTower"): fact_worlds.ml1m,
    ("online_retail", "SASRec"): fact_worlds.online_retail,
    ("ml1m", "SASRec"): lambda data: sequence_sets.load("ml1m", data).train,
}
MODELS: Mapping[str, Estimator] = {
    "TwoTower": TwoTower(epochs=2),
    "SASRec": SASRec(n_negatives=256, dropout=0.1, epochs=2, learning_rate=2e-3),
}


def lost(model: Model, histories: Histories) -> dict[str, dict[str, Any]]:
    """Of every format and precision: parity with the engine, its largest score, recall of its ten best, bytes."""
    scores, made = model.score(histories), exported(model, histories.take(np.arange(3, dtype=np.int32)))
    found: dict[str, dict[str, Any]] = {}
    for format_ in FORMATS:
        with written(made.whole, format_, made.asked(histories), PRECISIONS) as graphs:
            for precision, graph in graphs.items():
                parity, recall = parity_and_recall(graph.said, scores)
                found[f"{format_} {precision}"] = {
                    "recall@10": round(recall, 4),
                    **_by_case(graph.said, scores),
                    "parity": float(f"{parity:.2g}"),
                    "bytes": bytes_of(graph.path),
                }
    return found | {"largest score": {"of the engine": round(float(np.abs(scores).max()), 2)}}


def _by_case(said: Arrays, scores: np.ndarray[Any, Any]) -> dict[str, float]:
    """How often the one best item is the same."""
    same = np.asarray(said["scores"]).argmax(axis=1) == scores.argmax(axis=1)
    return {"first the same": round(float(same.mean()), 4)}


def asked_of(model: Model) -> Histories:
    """A thousand histories that the model knows, spread over all."""
    known = model.known.histories
    came = np.flatnonzero(known.lengths() > 0)
    places = np.unique(np.linspace(0, len(came) - 1, min(N, len(came))).astype(np.int64))
    return known.take(came[places].astype(np.int32))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=dict.fromkeys(name for name, _ in SETS))
    parser.add_argument("--model", choices=MODELS)
    parser.add_argument("--data", type=Path, default=sequence_sets.DATA)
    chosen = parser.parse_args()
    for (name, kind), load in SETS.items():
        if chosen.set in (None, name) and chosen.model in (None, kind):
            dataset, start = load(chosen.data), time.process_time()
            model = MODELS[kind].fit(dataset)
            seconds, histories = time.process_time() - start, asked_of(model)
            about = {"set": name, "knobs": repr(MODELS[kind]), "items": dataset.n_items, "histories": len(histories)}
            record("exports", about | {"fit processor seconds": round(seconds), "exports": lost(model, histories)})


if __name__ == "__main__":
    main()
