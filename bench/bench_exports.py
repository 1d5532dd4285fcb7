"""What exports in f16 and int8 lose on real catalogues: recall of the model's ten best, parity, bytes.

    .venv/bin/python bench/bench_exports.py [--set online_retail] [--model TwoTower] [--data ../shared/data]
    .venv/bin/python bench/bench_exports.py --memory 1000000 [--model WideAndDeep]   # peaks of an export

A few passes of training are enough: what is compared is the export and the model that it was made of, over a thousand
histories. Graphs lie in ONNX Runtime and in TensorFlow. Results go to ``bench/results/exports.json``.
"""

import argparse
import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import fact_worlds
import numpy as np
import polars as pl
import sequence_sets
from harness import measured, peak_bytes, record, resident_bytes

from slatewright.core.arrays import Arrays
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.lifecycle.exporting import bytes_of, export
from slatewright.models import DMF, GMF, MF, MLP, DeepCross, Estimator, Model, NeuMF, SASRec, TwoTower, WideAndDeep
from slatewright.models.neural.export.judging import BEST, SEEN, Exam, Trial, parity_and_recall, spread
from slatewright.models.neural.export.shapes import exported
from slatewright.models.neural.export.whole import Whole
from slatewright.models.neural.export.writing import FORMATS, PRECISIONS, written

N = 1_000  # histories
SETS: Mapping[tuple[str, str], Callable[[Path], Dataset]] = {
    ("online_retail", "TwoTower"): fact_worlds.online_retail,
    ("ml1m", "TwoTower"): fact_worlds.ml1m,
    ("online_retail", "SASRec"): fact_worlds.online_retail,
    ("ml1m", "SASRec"): lambda data: sequence_sets.load("ml1m", data).train,
}
CLEAR_REFS = Path("/proc/self/clear_refs")
MODELS: Mapping[str, Estimator] = {
    "TwoTower": TwoTower(epochs=2),
    "SASRec": SASRec(n_negatives=256, dropout=0.1, epochs=2, learning_rate=2e-3),
}

EXPORTABLE: Mapping[str, Estimator] = {
    type(one).__name__: replace(one, epochs=1)
    for one in (MF(), GMF(), MLP(), NeuMF(), DMF(), TwoTower(), SASRec(), WideAndDeep(), DeepCross())
}


def lost(model: Model) -> dict[str, Any]:
    """Of every format and precision: parity with the engine, its largest score, recall of its ten best, bytes."""
    made = exported(model, spread(model, 3))
    trial = replace(Trial.of(model, made), people=spread(model, N))
    return {"histories": len(trial.people)} | judged(made.whole, trial.asked(made), trial.exam, trial.of_model(model))


def judged(whole: Whole, asked: Arrays, exam: Exam, expected: Arrays) -> dict[str, Any]:
    """The same of what a graph is made of, what it is asked, and what the model says."""
    found: dict[str, Any] = {}
    for format_ in FORMATS:
        with written(whole, format_, asked, PRECISIONS, exam) as graphs:
            for precision, graph in graphs.items():
                parity, recall = parity_and_recall(graph.said, expected)
                found[f"{format_} {precision}"] = {
                    "recall@10": round(recall, 4),
                    "first the same": round(float((graph.said[BEST][:, 0] == expected[BEST][:, 0]).mean()), 4),
                    "parity": float(f"{parity:.2g}"),
                    "bytes": bytes_of(graph.path),
                }
    return {"exports": found, "largest score": round(float(np.abs(expected[SEEN]).max()), 2)}


def large(n_items: int) -> Dataset:
    """A catalogue with a category, of which a few thousand users took little."""
    draw, names = np.random.default_rng(0), np.arange(n_items).astype(str)
    events = pl.DataFrame({"user_id": draw.integers(0, 2_000, 20_000).astype(str),
                           "item_id": names[draw.integers(0, n_items, 20_000)],
                           "time": np.arange(20_000)})  # fmt: skip
    facts = pl.DataFrame({"item_id": names, "category": np.char.add("c", (np.arange(n_items) % 40).astype(str))})
    return dataset_of(events, item_facts=facts)


def exporting_memory(kind: str, n_items: int, format_: str) -> dict[str, Any]:
    """Bytes at the peak of an export, judging included: more than before it here, and of the process that writes."""
    model: Any = EXPORTABLE[kind].fit(large(n_items))
    world: Any = SimpleNamespace(
        model=lambda name, asked_by: model, models={kind: model}, version="none", as_of=0, catalogue=model.known
    )
    before = resident_bytes()
    CLEAR_REFS.write_text("5")  # the peak starts anew
    with TemporaryDirectory() as folder:
        card = export(world, kind, Path(folder) / "to", format_)
    writer = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return {"here": peak_bytes() - before, "writer": writer, "bytes": card.bytes, "histories": card.histories}


def memory(kinds: list[str], n_items: int) -> dict[str, Any]:
    """``exporting_memory`` as ONNX by kind, each in a process of its own."""
    taken = {}
    for kind in kinds:
        taken[kind] = measured(exporting_memory, kind=kind, n_items=n_items, format_="onnx").result
        print(kind, taken[kind], flush=True)
    return {"exporting memory": taken, "items": n_items}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=dict.fromkeys(name for name, _ in SETS))
    parser.add_argument("--model", choices=EXPORTABLE)
    parser.add_argument("--memory", type=int, help="a catalogue of so many items instead: bytes at the peak")
    parser.add_argument("--data", type=Path, default=sequence_sets.DATA)
    chosen = parser.parse_args()
    if chosen.memory:
        record("exports", memory([chosen.model] if chosen.model else list(EXPORTABLE), chosen.memory))
        return
    for (name, kind), load in SETS.items():
        if chosen.set in (None, name) and chosen.model in (None, kind):
            dataset, start = load(chosen.data), time.process_time()
            model = MODELS[kind].fit(dataset)
            seconds = time.process_time() - start
            about = {"set": name, "knobs": repr(MODELS[kind]), "items": dataset.n_items}
            record("exports", about | {"fit processor seconds": round(seconds)} | lost(model))


if __name__ == "__main__":
    main()
