"""SASRec: accuracy on the sequences of the literature, and steps per second beside a plain PyTorch loop.

    .venv/bin/python bench/bench_sequences.py --set beauty        # train and judge: minutes to an hour
    .venv/bin/python bench/bench_sequences.py --speed             # both loops, in turns, in one process

Knobs were chosen by NDCG@10 of held-out events of the train part. Results go to ``bench/results/sequences.json``.
"""

import argparse
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from harness import record
from sequence_sets import DATA, Part, judged, load

from slatewright.core.randomness import generator
from slatewright.models import SASRec
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.engine.engine import Dense, chosen_engine
from slatewright.models.neural.tables import Pace

SHORT = SASRec(
    embedding_dim=64, longest_history=100, batch_size=16, n_negatives=256, dropout=0.1, epochs=32,
    learning_rate=1.5e-3, schedule="cosine", warm_up=0.03, validation_share=0.085,
)  # fmt: skip
KNOBS: Mapping[str, SASRec] = {
    "ml1m": SASRec(
        embedding_dim=128, longest_history=200, batch_size=8, n_negatives=384, dropout=0.2, epochs=40,
        learning_rate=1e-3, schedule="cosine", warm_up=0.03, validation_share=0.085,
    ),
    "ml1m_short": SHORT,
    "ml1m_gbce": replace(SHORT, loss="gbce", dropout=0.15),
    "beauty": SASRec(
        embedding_dim=128, longest_history=32, batch_size=32, n_negatives=512, dropout=0.4, epochs=24,
        validation_share=0.1, patience=3,
    ),
    "diginetica": SASRec(
        embedding_dim=96, longest_history=20, batch_size=24, n_negatives=512, dropout=0.25, epochs=10,
        learning_rate=1.5e-3, schedule="cosine", warm_up=0.03, validation_share=0.02,
    ),
}  # fmt: skip
BARS: Mapping[str, Mapping[str, float]] = {
    "ml1m": {"recall@10": 0.300, "ndcg@10": 0.170},
    "beauty": {"recall@10": 0.085, "ndcg@10": 0.048},
    "diginetica": {"recall@20": 0.507, "mrr@20": 0.175},
}
SPEED = SASRec(longest_history=200, batch_size=32, n_negatives=256)
STEPS, WARM_UPS = 12, 3


def accuracy(name: str, part: Part, seed: int = 0, checkpoints: str | None = None) -> dict[str, Any]:
    """Train and judge; what a training that was killed left in ``checkpoints`` is gone on with."""
    knobs = replace(KNOBS[name], rng=seed)
    start = time.perf_counter()
    model = replace(knobs, checkpoints=checkpoints).fit(part.train)
    seconds = time.perf_counter() - start
    curve = model.learning_curve
    return {
        "set": name,
        **judged(model, part),
        "bar": dict(BARS[name.split("_", maxsplit=1)[0]]),
        "knobs": repr(knobs),
        "epochs": len(curve),
        "validation": round(float(curve[:, 2].max()), 5) if curve.shape[1] > 2 else None,
        "engine": keras_engine().backend.backend(),
        "fit_seconds": round(seconds, 1),
    }


def our_steps(part: Part, knobs: SASRec) -> Iterator[int]:
    """One step of training per item: the events it learned from."""
    rng = generator(0)
    task = knobs.task(part.train.histories(), part.train.n_items, rng)
    step = chosen_engine().step(task.objective, Dense(0.0, None))
    state = step.start(task.weights)
    while True:
        for batch in task.epoch(rng):
            vectors = {role: task.items.take(ids) for role, ids in batch.ids.items()}
            moved = step(state, vectors, batch.inputs, batch.weights, knobs.learning_rate)
            state = moved.state
            gradients = [moved.gradients[role] for role in batch.ids]
            task.items.move(list(batch.ids.values()), gradients, Pace(knobs.learning_rate))
            yield int((batch.inputs["weights"] > 0).sum())


def speed(part: Part) -> dict[str, Any]:
    """Both loops in turns; seconds of a step, and events learned a second."""
    from torch_sasrec import torch_steps

    loops = {"ours": our_steps(part, SPEED), "torch": torch_steps(part, SPEED)}
    seconds: dict[str, list[float]] = {name: [] for name in loops}
    events: dict[str, list[int]] = {name: [] for name in loops}
    for at in range(STEPS + WARM_UPS):
        for name, loop in loops.items():
            start = time.perf_counter()
            count = next(loop)
            if at >= WARM_UPS:
                seconds[name].append(time.perf_counter() - start)
                events[name].append(count)
    rates = {name: float(np.mean(events[name]) / median(seconds[name])) for name in loops}
    return {
        "speed": "SASRec beside a plain PyTorch loop, rows of 200 places, 32 a step",
        "engine": keras_engine().backend.backend(),
        "step_ms": {name: round(1e3 * median(one), 1) for name, one in seconds.items()},
        "events_per_second": {name: round(rate) for name, rate in rates.items()},
        "ratio_of_steps": round(median(seconds["torch"]) / median(seconds["ours"]), 2),
        "ratio_of_events": round(rates["ours"] / rates["torch"], 2),
        "bar": {"ratio_of_steps": 1.0},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=KNOBS, help="one training; default: all")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="a training for each")
    parser.add_argument("--checkpoints", help="folder of the state after each epoch, to go on from")
    parser.add_argument("--speed", action="store_true", help="only the speed, on ML-1M")
    parser.add_argument("--data", type=Path, default=DATA)
    arguments = parser.parse_args()
    if arguments.speed:
        record("sequences", speed(load("ml1m", arguments.data)))
        return
    for name in [arguments.set] if arguments.set else KNOBS:
        part = load(name.split("_", maxsplit=1)[0], arguments.data)
        for seed in arguments.seeds:
            record("sequences", accuracy(name, part, seed, arguments.checkpoints))


if __name__ == "__main__":
    main()
