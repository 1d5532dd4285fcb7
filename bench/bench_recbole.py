"""Seconds of an epoch of NeuMF and SASRec on ML-1M, ours and RecBole's.

    .venv/bin/python bench/bench_recbole.py --peer-python .venv-peers/recbole/bin/python [--data ../shared/data]

Bar: RecBole takes at least three times as long for both. Both learn from the same events with networks of the same
sizes, in turns of a few steps on all cores; an epoch is the median of a step times the steps of an epoch, since one of
RecBole's SASRec takes many minutes. NeuMF: batches of 4,096 pairs, one taken and four drawn in each five; the sizes of
He et al. SASRec: windows of 50, a softmax over all items, 2,048 events asked for in a step. RecBole reads a window for
each of them, ours reads rows in which every place asks for the event after it.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bench_neural
import bench_sequences
import polars as pl
from harness import record
from ncf_protocol import load as load_ncf
from sequence_sets import DATA
from sequence_sets import load as load_sequences

from slatewright.core.arrays import Index
from slatewright.core.randomness import generator
from slatewright.models import SASRec

PEER = Path(__file__).with_name("recbole_peer.py")
WINDOW, TARGETS = 50, 2048
OURS = SASRec(
    embedding_dim=64, n_blocks=2, n_heads=2, longest_history=WINDOW, batch_size=-(-TARGETS // WINDOW), n_negatives=4096
)
NEUMF = {
    "mf_embedding_size": bench_neural.FACTORS,
    "mlp_embedding_size": bench_neural.LAYERS[0] // 2,
    "mlp_hidden_size": bench_neural.LAYERS[1:],
    "dropout_prob": 0.0,
    "train_batch_size": bench_neural.SAMPLES,
    "train_neg_sample_args": {"distribution": "uniform", "sample_num": bench_neural.NEGATIVES},
}
SASREC = {
    "n_layers": OURS.n_blocks,
    "n_heads": OURS.n_heads,
    "hidden_size": OURS.embedding_dim,
    "inner_size": OURS.embedding_dim,
    "hidden_act": "relu",
    "hidden_dropout_prob": OURS.dropout,
    "attn_dropout_prob": 0.0,
    "MAX_ITEM_LIST_LENGTH": WINDOW,
    "train_batch_size": TARGETS,
    "loss_type": "CE",
    "train_neg_sample_args": None,
}


@dataclass(frozen=True)
class Case:
    """``users`` and ``items`` of the events, in the order of each user's; our ``steps``, and how many an epoch has.

    A turn of ours is ``turn[0]`` steps, one of RecBole's ``turn[1]``.
    """

    model: str
    users: Index
    items: Index
    knobs: Mapping[str, Any]
    steps: Iterator[Any]
    per_epoch: int
    turn: tuple[int, int]


def neumf(data: Path) -> Case:
    matrix = load_ncf(data).train.matrix().tocoo()
    per_epoch = -(-matrix.nnz // bench_neural.POSITIVES)
    return Case("NeuMF", matrix.row, matrix.col, NEUMF, bench_neural.our_steps(matrix.tocsr()), per_epoch, (800, 100))


def sasrec(data: Path) -> Case:
    part = load_sequences("ml1m", data)
    histories = part.train.histories()
    per_epoch = OURS.task(histories, part.train.n_items, generator(0)).steps
    owners = pl.int_range(len(histories), eager=True).to_numpy().repeat(histories.lengths())
    return Case("SASRec", owners, histories.items, SASREC, bench_sequences.our_steps(part, OURS), per_epoch, (12, 1))


CASES: Mapping[str, Callable[[Path], Case]] = {"neumf": neumf, "sasrec": sasrec}


def compare(case: Case, peer_python: str, turns: int) -> dict[str, Any]:
    """Both in turns, after one that does not count."""
    with peer(case, peer_python) as (per_epoch, asked):
        seconds: dict[str, list[float]] = {"ours": [], "RecBole": []}
        for at in range(turns + 1):
            start = time.perf_counter()
            for _ in range(case.turn[0]):
                next(case.steps)
            mine, theirs = time.perf_counter() - start, asked(case.turn[1])
            if at:
                seconds["ours"].append(case.per_epoch * mine / case.turn[0])
                seconds["RecBole"].append(per_epoch * theirs / case.turn[1])
    epochs = {name: statistics.median(one) for name, one in seconds.items()}
    return {
        "model": case.model,
        "events": len(case.users),
        "steps_per_epoch": {"ours": case.per_epoch, "RecBole": per_epoch},
        "seconds_per_epoch": {name: round(one, 2) for name, one in epochs.items()},
        "ratio": round(epochs["RecBole"] / epochs["ours"], 2),
        "bar": 3.0,
    }


@contextmanager
def peer(case: Case, python: str) -> Iterator[tuple[int, Callable[[int], float]]]:
    """RecBole's steps per epoch, and a function that says the seconds of some of them."""
    with tempfile.TemporaryDirectory() as folder:
        write_events(case.users, case.items, Path(folder) / "events")
        words = [python, str(PEER), folder, case.model, json.dumps(case.knobs)]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            stdin, stdout = process.stdin, process.stdout

            def seconds_of(steps: int) -> float:
                print(steps, file=stdin, flush=True)
                return float(stdout.readline())

            yield int(stdout.readline()), seconds_of
            stdin.close()


def write_events(users: Index, items: Index, folder: Path) -> None:
    """RecBole's file of events. It keeps the last two of each user for itself: they come on top."""
    events = pl.DataFrame({"user": users, "item": items}).with_row_index("time")
    last = events.group_by("user", maintain_order=True).last().select("time", "user", "item")
    kept = [last.with_columns(time=pl.col("time") + len(users)) for _ in range(2)]
    names = {"user": "user_id:token", "item": "item_id:token", "time": "timestamp:float"}
    folder.mkdir()
    every = pl.concat([events, *kept]).select(*names).rename(names)
    every.write_csv(folder / "events.inter", separator="\t")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--peer-python", default=os.environ.get("SLATEWRIGHT_PEERS"))
    parser.add_argument("--parts", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--turns", type=int, default=7)
    arguments = parser.parse_args()
    if not arguments.peer_python:
        print("left out: name the Python that has RecBole with --peer-python")
        return
    for name in arguments.parts:
        record("recbole", compare(CASES[name](arguments.data), arguments.peer_python, arguments.turns))


if __name__ == "__main__":
    main()
