"""Neural models of pairs: speed next to a plain PyTorch loop, tables, memory, and NCF's leave-one-out on ML-1M.

    .venv/bin/python bench/bench_neural.py [--data ../shared/data] [--parts speed table memory mf neumf]
    .venv/bin/python bench/bench_neural.py --parts mf --validation      # judged as the knobs were chosen; not recorded

The bars: NeuMF takes at least 1.5 times the samples per second of a plain PyTorch loop of the same network (batch 4096,
the tables of ML-1M); a step with a table of a million rows of 64 costs at most 1.5 times one with ten thousand; 20
million interactions are learned within 4 GB; HR@10 / NDCG@10 .729 / .452 for the inner product, .720 / .440 for NeuMF.

Both sides of the first two take turns in one process, with all cores; medians count. The PyTorch loop draws negatives
by ``randint`` and never looks whether they were taken; ours draws none that were. The knobs of the last two were chosen
on each user's last training row (``ncf_protocol.validation``, docs/log.md).
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from harness import measured, record
from ncf_protocol import ITEMS, USERS, Task, judged, validation
from ncf_protocol import load as load_ncf
from scipy import sparse

from slatewright.core.arrays import Index
from slatewright.models import MF, NeuMF
from slatewright.models.neural.batch import Batch, ahead
from slatewright.models.neural.engine.engine import Dense, chosen_engine
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.learning import Start, task_of
from slatewright.models.neural.run import Run
from slatewright.models.neural.tables import Pace, Table
from slatewright.models.neural.training import _step

INNER_PRODUCT = MF(
    embedding_dim=192,
    epochs=24,
    batch_size=512,
    learning_rate=0.004,
    schedule="cosine",
    loss="mse",
    negatives_from="shared",
    n_negatives=256,
    negative_exponent=0.25,
    unobserved_weight=0.23,
    reg=0.015,
)
NEURAL = NeuMF(
    embedding_dim=192,
    layers=(32, 16, 8),
    epochs=10,
    batch_size=512,
    learning_rate=0.004,
    schedule="cosine",
    loss="mse",
    negatives_from="shared",
    n_negatives=128,
    negative_exponent=0.25,
    unobserved_weight=0.35,
    reg=0.0125,
)
SAMPLES, NEGATIVES, RATE = 4096, 4, 1e-3
POSITIVES = SAMPLES // (1 + NEGATIVES)
LAYERS, FACTORS = (64, 32, 16, 8), 8  # He et al.'s network
TURNS, STEPS = 12, 100  # long turns: after its own, PyTorch's threads spin for a while


def speed(data: Path) -> dict[str, Any]:
    """Samples per second of NeuMF, ours and a plain PyTorch loop."""
    matrix = load_ncf(data).train.matrix()
    sides = {"ours": our_steps(matrix), "plain PyTorch": torch_steps(matrix)}
    seconds = in_turns({name: partial(turn, one) for name, one in sides.items()})
    rates = {name: STEPS * SAMPLES / one for name, one in seconds.items()}
    ratio = rates["ours"] / rates["plain PyTorch"]
    return {"samples_per_second": {n: round(r) for n, r in rates.items()}, "ratio": round(ratio, 2), "bar": 1.5}


def turn(steps: Iterator[None]) -> None:
    for _ in range(STEPS):
        next(steps)


def in_turns(calls: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Median seconds of each call; they take turns, after one that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for round_ in range(TURNS + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if round_:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(one) for name, one in seconds.items()}


def our_steps(matrix: sparse.csr_matrix) -> Iterator[None]:
    """A step of ours for each time that one is asked for."""
    knobs = NeuMF(embedding_dim=FACTORS, layers=LAYERS, batch_size=POSITIVES, n_negatives=NEGATIVES)
    rng, width = np.random.default_rng(0), FACTORS + LAYERS[0] // 2
    spec = Spec.of("neumf", gmf=FACTORS, mlp=LAYERS[0] // 2, layers=list(LAYERS[1:]), dropout=0.0)
    users, items = (Table.drawn(n, width, rng, 0.1) for n in matrix.shape)
    task = task_of(matrix, knobs, Start(spec, spec.initial(rng), users, items), lambda _: None)
    step = chosen_engine().step(task.objective, Dense())
    run = Run(step.start(task.weights))
    while True:
        for batch in ahead(task.epoch(rng)):
            _step(task, step, run, batch, Pace(RATE))
            yield


def torch_steps(matrix: sparse.csr_matrix) -> Iterator[None]:
    """A step of the loop that a tutorial would write."""
    import torch

    class Net(torch.nn.Module):  # type: ignore[misc]  # no types here
        def __init__(self) -> None:
            super().__init__()
            half = LAYERS[0] // 2
            self.tables = torch.nn.ModuleList(
                torch.nn.Embedding(n, d) for n, d in ((USERS, FACTORS), (ITEMS, FACTORS), (USERS, half), (ITEMS, half))
            )
            pairs = pairwise(LAYERS)
            parts = [one for a, b in pairs for one in (torch.nn.Linear(a, b), torch.nn.ReLU())]
            self.tower, self.out = torch.nn.Sequential(*parts), torch.nn.Linear(FACTORS + LAYERS[-1], 1)

        def forward(self, user: Any, item: Any) -> Any:
            gmf = self.tables[0](user) * self.tables[1](item)
            mlp = self.tower(torch.cat([self.tables[2](user), self.tables[3](item)], dim=1))
            return self.out(torch.cat([gmf, mlp], dim=1))[:, 0]

    net = Net()
    optimiser = torch.optim.Adam(net.parameters(), RATE)
    loss = torch.nn.BCEWithLogitsLoss()
    users = torch.from_numpy(np.repeat(np.arange(USERS), np.diff(matrix.indptr)))
    items = torch.from_numpy(matrix.indices.astype(np.int64))
    labels = torch.cat([torch.ones(POSITIVES), torch.zeros(SAMPLES - POSITIVES)])
    while True:
        for chosen in torch.randperm(len(users)).split(POSITIVES):
            if len(chosen) < POSITIVES:
                continue
            user = users[chosen].repeat(1 + NEGATIVES + 1)[:SAMPLES]
            item = torch.cat([items[chosen], torch.randint(ITEMS, (SAMPLES - POSITIVES,))])
            optimiser.zero_grad()
            loss(net(user, item), labels).backward()
            optimiser.step()
            yield


def table() -> dict[str, Any]:
    """Milliseconds of a step of NeuMF with rows of 64 numbers, by the rows of its tables."""
    sides = {str(rows): table_steps(rows) for rows in (10_000, 1_000_000)}
    seconds = in_turns({name: partial(turn, one) for name, one in sides.items()})
    small, large = seconds.values()
    found = {rows: round(1000 * one / STEPS, 2) for rows, one in seconds.items()}
    return {"ms_per_step": found, "ratio": round(large / small, 2), "bar": 1.5}


def table_steps(n: int) -> Iterator[None]:
    """Steps over 4096 pairs of n users and n items: as in ``speed``, a user and five items in each sample."""
    rng, half = np.random.default_rng(0), LAYERS[0] // 2
    spec = Spec.of("neumf", gmf=half, mlp=half, layers=list(LAYERS[1:]), dropout=0.0)
    knobs = NeuMF(embedding_dim=half, layers=LAYERS, batch_size=POSITIVES, n_negatives=NEGATIVES)
    users, items = (Table.drawn(n, LAYERS[0], rng, 0.1) for _ in range(2))
    matrix = sparse.csr_matrix((n, n), dtype=np.float32)
    task = task_of(matrix, knobs, Start(spec, spec.initial(rng), users, items), lambda _: None)
    step = chosen_engine().step(task.objective, Dense())
    run = Run(step.start(task.weights))
    ones, zeros = np.ones((POSITIVES, NEGATIVES), np.float32), np.zeros((POSITIVES, NEGATIVES), np.float32)
    inputs = {"free": ones, "surplus": zeros, "each": ones[:, 0].copy()}
    while True:
        user, item = drawn(rng, n, (POSITIVES,)), drawn(rng, n, (POSITIVES, 1 + NEGATIVES))
        _step(task, step, run, Batch({"user": user, "item": item}, ones[:, 0].copy(), inputs), Pace(RATE))
        yield


def drawn(rng: np.random.Generator, n: int, shape: tuple[int, ...]) -> Index:
    return rng.integers(0, n, shape, dtype=np.int32)


def fit_many(n_events: int) -> dict[str, Any]:
    """One pass over simulated events; run in a process of its own."""
    from slatewright.data.dataset import Dataset, Interactions
    from slatewright.data.idmap import IdMap

    rng, n_users, n_items = np.random.default_rng(0), n_events // 80, 50_000
    users = np.sort(rng.integers(0, n_users, n_events, dtype=np.int32))
    items = (n_items * rng.random(n_events, dtype=np.float32) ** 2).astype(np.int32)
    ones = np.ones(n_events, np.float32)
    table = Interactions(users, items, np.zeros(n_events, np.int8), ones, ones, np.zeros(n_events, np.int64))
    names = [IdMap.of(f"{at:07d}" for at in range(n)) for n in (n_users, n_items)]
    model = MF(embedding_dim=16, epochs=1, batch_size=16_384, n_negatives=64, negatives_from="shared", loss="softmax")
    start = time.perf_counter()
    fitted = model.fit(Dataset(names[0], names[1], table, as_of=1))
    return {"seconds": round(time.perf_counter() - start, 1), "loss": float(fitted.learning_curve[-1, 1])}


def memory(n_events: int) -> dict[str, Any]:
    """The peak of a process that learns from many interactions, its imports and the data set included."""
    found = measured(fit_many, n_events=n_events)
    return {"interactions": n_events, "peak_gb": round(found.peak / 1e9, 2), "bar_gb": 4.0, **found.result}


def quality(task: Task, estimator: MF | NeuMF, bar: tuple[float, float]) -> dict[str, Any]:
    """HR@10 and NDCG@10 on the rows held out."""
    start = time.perf_counter()
    model = estimator.fit(task.train)
    seconds = time.perf_counter() - start
    marks = {name: round(value, 4) for name, value in judged(model, task).items()}
    return {**marks, "bar": list(bar), "fit_seconds": round(seconds), "knobs": repr(estimator)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--parts", nargs="+", default=["speed", "table", "memory", "mf", "neumf"])
    parser.add_argument("--events", type=int, default=20_000_000, help="interactions of the part memory")
    parser.add_argument("--validation", action="store_true", help="hold out training rows for mf and neumf; no record")
    arguments = parser.parse_args()
    held_out = validation if arguments.validation else load_ncf
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "speed": lambda: speed(arguments.data),
        "table": table,
        "memory": lambda: memory(arguments.events),
        "mf": lambda: quality(held_out(arguments.data), INNER_PRODUCT, (0.729, 0.452)),
        "neumf": lambda: quality(held_out(arguments.data), NEURAL, (0.720, 0.440)),
    }
    for name in arguments.parts:
        found = {"part": name, **parts[name]()}
        if arguments.validation:
            print(found)
        else:
            record("neural", found)


if __name__ == "__main__":
    main()
