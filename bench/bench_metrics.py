"""Metrics: a million users' lists summed up, and the same lists in ranx and RecTools, in turns and with equal values.

    .venv/bin/python bench/bench_metrics.py [--part million] [--part ranx] [--part rectools] [--users 100000]

The bars: 1,000,000 users with lists of 20 are evaluated in under 5 s on two cores; recall, NDCG, MAP, MRR and hit rate
of 100,000 users at least 10 times faster than ranx and RecTools, every user's numbers equal to 1e-9. ranx is timed
with and without the building of its Qrels and Run; ours from arrays, as a model gives its lists, and from tables of
ids (words for ranx, whole numbers for RecTools, as they want them). Ours computes precision along with the five. Lists
are drawn: what the numbers are does not change the work.

The peers run in an environment of their own, whose Python is to be named:

    python3 -m venv .venv-peers/metrics && .venv-peers/metrics/bin/pip install ranx rectools
    .venv/bin/python bench/bench_metrics.py --peer-python .venv-peers/metrics/bin/python
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
import polars as pl
from harness import Timing, record, timed

from slatewright.core.arrays import Array, Frame, Index, Offsets
from slatewright.data.dataset import Dataset
from slatewright.data.idmap import IdMap
from slatewright.data.interactions import Interactions
from slatewright.data.splits import Fold, GlobalTime
from slatewright.data.splits.cases import offsets_of
from slatewright.evaluate.judged import Judged
from slatewright.evaluate.judging import summarise
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.metrics.hits import hits
from slatewright.metrics.ranking import METRICS, coverage, ranking_values
from slatewright.metrics.surprise import novelty, self_information
from slatewright.models import ItemLists

PEERS = Path(__file__).with_name("metrics_peers.py")
CUT = 10**12
EQUAL = 1e-9


@dataclass(frozen=True)
class World:
    """Lists, what was right, and pairs of training; a twentieth of all users took more than a list holds."""

    lists: Index  # (users, k)
    offsets: Offsets
    relevant: Index
    user: Index
    item: Index
    n_items: int

    @property
    def counts(self) -> Offsets:
        return np.full(len(self.lists), self.lists.shape[1])


def world(n_users: int, n_items: int = 20_000, k: int = 20, seed: int = 0) -> World:
    """A fifth of what is right stands on the list; popular items come more often, in lists and in what is taken."""
    rng = np.random.default_rng(seed)

    def popular(size: int) -> Offsets:
        return (n_items * rng.random(size) ** 3).astype(np.int64)

    steps = rng.integers(1, n_items // k, (n_users, 1))
    lists = (popular(n_users)[:, None] + steps * np.arange(k)) % n_items  # no item twice
    sizes = np.where(rng.random(n_users) < 0.05, rng.integers(k + 1, 2 * k, n_users), rng.integers(1, 10, n_users))
    owner = np.repeat(np.arange(n_users), sizes)
    listed = rng.random(len(owner)) < 0.2
    right = np.where(listed, lists[owner, rng.integers(0, k, len(owner))], popular(len(owner)))
    pairs = np.sort(owner * n_items + right)
    owner, right = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], n_items)
    user = np.sort(rng.integers(n_users // 10, n_users, 5 * n_users))  # a tenth are strangers
    return World(
        lists.astype(np.int32),
        offsets_of(owner, n_users),
        right.astype(np.int32),
        user.astype(np.int32),
        popular(len(user)).astype(np.int32),
        n_items,
    )


def fold_of(of: World) -> Fold:
    """The world as a data set with categories, split by time: case u is user u."""
    n = len(of.lists)
    owner = np.repeat(np.arange(n), np.diff(of.offsets))
    user, item = np.concatenate([of.user, owner]), np.concatenate([of.item, of.relevant])
    clock = np.concatenate([np.arange(len(of.user)), np.full(len(owner), CUT)])
    order = np.argsort(user, kind="stable")  # training first
    ones = np.ones(len(order), np.float32)
    table = Interactions(
        user[order].astype(np.int32), item[order].astype(np.int32), np.zeros(len(order), np.int8), ones, ones,
        clock[order],
    )  # fmt: skip
    categories = pl.DataFrame({"category": [f"c{item % 50}" for item in range(of.n_items)]})
    users, items = (IdMap.of([f"{one:07d}" for one in range(size)]) for size in (n, of.n_items))
    dataset = Dataset(users, items, table, as_of=CUT + 1, item_facts=categories)
    fold = next(GlobalTime(at=str(np.datetime64(CUT, "us")), validation_share=0).split(dataset))
    assert fold.train.n_items == of.n_items
    assert len(fold.test) == n
    return fold


def judged_by_hand(of: World) -> Judged:
    """Both sides' lists for every user: those of the world, and for popularity everywhere the same."""
    fold, k = fold_of(of), of.lists.shape[1]
    best = np.broadcast_to(np.arange(k, dtype=np.int32), of.lists.shape).copy()
    scores = np.broadcast_to(-np.arange(k, dtype=np.float32), of.lists.shape).copy()
    lists = {"popularity": ItemLists(best, scores, of.counts), "lists": ItemLists(of.lists, scores, of.counts)}
    return Judged(fold, fold.test, k, lists)


def million(users: int, turns: int) -> dict[str, Any]:
    """Seconds of each way to evaluate lists that are there; the last, what a user calls, with popularity's beside them.

    ``summarise`` gives every metric of both sides, and their leads, for each question, and begins with nothing known of
    the training part.
    """
    for_small, judged = (judged_by_hand(one) for one in (world(2_000, 100), world(users, min(20_000, users // 100))))
    summarise(for_small)  # compile
    cases, lists = judged.cases, judged.lists["lists"]

    def metrics() -> Array:
        found = hits(lists.items, lists.counts, cases.offsets, cases.relevant)
        return ranking_values(found, cases.n_relevant())

    values = list(metrics().T)
    calls = {
        "metrics": metrics,
        "intervals": lambda: Bootstrap().means_of(values),
        "metrics_with_intervals": lambda: Bootstrap().means_of(list(metrics().T)),
        "summarise": lambda: summarise(replace(judged)),
    }
    seconds = {name: round(timed(call, repeats=turns).median, 2) for name, call in calls.items()}
    start = time.process_time()
    found = summarise(replace(judged))
    processor = time.process_time() - start
    numbers = sum(len(one.metrics) + len(one.lead) for group in found.groups for one in group.measured)
    return {
        "users": users,
        "k": judged.k,
        "questions": {group.name: group.users for group in found.groups},
        "intervals_of_summarise": numbers,
        "seconds": seconds,
        "processor_seconds_of_summarise": round(processor, 2),
        "bar": 5.0,
    }


def of_arrays(of: World) -> Array:
    """Six metrics of every user, float64 (users, metrics)."""
    found = hits(of.lists, of.counts, of.offsets, of.relevant)
    return ranking_values(found, np.diff(of.offsets))


def of_tables(shown: Frame, taken: Frame) -> Array:
    """The same from tables of ids, in any order: ``user_id``, ``item_id``, ``rank``, and who took what."""
    rank = shown["rank"].to_numpy()
    (owner, who), n = coded(shown["user_id"], taken["user_id"])
    (item, right), _ = coded(shown["item_id"], taken["item_id"])
    lists = np.zeros((n, int(rank.max())), np.int32)
    lists[owner, rank - 1] = item
    order = np.argsort(who, kind="stable")
    offsets = offsets_of(who, n)
    found = hits(lists, np.bincount(owner, minlength=n), offsets, right[order].astype(np.int32))
    return ranking_values(found, np.diff(offsets))


def coded(*columns: pl.Series) -> tuple[list[Array], int]:
    """Columns of ids, words or whole numbers from 0 on, as positions among all of them, and how many there are."""
    if columns[0].dtype == pl.String:
        ids = IdMap.of(pl.concat(columns))
        return [ids.positions(one) for one in columns], len(ids)
    numbers = [one.to_numpy() for one in columns]
    there = np.zeros(1 + max(int(one.max()) for one in numbers), dtype=np.bool_)
    for one in numbers:
        there[one] = True
    position = np.cumsum(there) - 1
    return [position[one] for one in numbers], int(there.sum())


def tables(of: World, *, words: bool) -> tuple[Frame, Frame]:
    """What ``of_tables`` takes; ids are words, as ranx has them, or numbers, as RecTools."""
    n, k = of.lists.shape
    owner = np.repeat(np.arange(n), np.diff(of.offsets))
    shown = pl.DataFrame({"user_id": np.repeat(np.arange(n), k), "item_id": of.lists.ravel()})
    shown = shown.with_columns(rank=pl.Series(np.tile(np.arange(1, k + 1), n)))
    taken = pl.DataFrame({"user_id": owner, "item_id": of.relevant})
    if not words:
        return shown, taken
    named = pl.format("u{}", pl.col("user_id")), pl.format("i{}", pl.col("item_id"))
    shown, taken = (one.with_columns(user_id=named[0], item_id=named[1]) for one in (shown, taken))
    return shown, taken


@dataclass(frozen=True)
class Peer:
    """A library in a process of its own, that answers words with JSON, a line each."""

    asked: IO[str]
    answers: IO[str]

    def ask(self, word: str) -> Any:
        self.asked.write(word + "\n")
        self.asked.flush()
        return self.said()

    def said(self) -> Any:
        return json.loads(self.answers.readline())


@contextmanager
def peer(python: str, library: str, of: World) -> Iterator[Peer]:
    """A peer as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.npz"
        np.savez(path, **asdict(of))
        command = [python, str(PEERS), library, str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin
            assert process.stdout
            yield Peer(process.stdin, process.stdout)
            process.stdin.close()


def beside(python: str, library: str, users: int, turns: int) -> dict[str, Any]:
    """Both sides in turns, and the largest difference of any user's number."""
    of = world(users)
    shown, taken = tables(of, words=library == "ranx")
    of_arrays(of), of_tables(*tables(world(100), words=False))  # compile
    with peer(python, library, of) as other:
        about = other.said()
        built = other.ask("build")["seconds"]
        runs = [
            (
                timed(lambda: of_arrays(of), repeats=1),
                timed(lambda: of_tables(shown, taken), repeats=1),
                other.ask("time"),
            )
            for _ in range(turns)
        ]
        differences = compared(of, other.ask("values"))
    arrays, ids = (Timing(tuple(run[at].runs[0] for run in runs), None).median for at in (0, 1))
    theirs = Timing(tuple(run[2]["seconds"] for run in runs), None).median
    return {
        "peer": f"{library} {about['version']}",
        "users": users,
        "seconds": {"arrays": round(arrays, 3), "tables": round(ids, 3)},
        "peer_seconds": {"built": round(theirs, 2), "building": round(built, 2)},
        "ratios": {
            "arrays_over_built": round(theirs / arrays, 1),
            "tables_over_all": round((theirs + built) / ids, 1),
            "bar": 10,
        },
        "largest_difference": differences,
    }


def compared(of: World, theirs: dict[str, Any]) -> dict[str, float]:
    """The largest difference of any user's number by metric; MAP by users who took no more than a list holds.

    Raises:
        SystemExit: a metric that should be equal is not.
    """
    ours = dict(zip(METRICS, of_arrays(of).T, strict=True))
    takers = np.bincount(np.unique(of.user.astype(np.int64) * of.n_items + of.item) % of.n_items, minlength=of.n_items)
    information = self_information(takers, len(np.unique(of.user)))
    ours["novelty"] = novelty(of.lists, of.counts, information)
    ours["coverage"] = np.array(coverage(of.lists, of.counts, of.n_items))
    apart = {name: np.abs(np.asarray(each) - ours[name]) for name, each in theirs.items()}
    few = np.diff(of.offsets) <= of.lists.shape[1]
    found = {name: float(each.max()) for name, each in apart.items() if name != "map"}
    found["map of users with at most k right items"] = float(apart["map"][few].max())
    if unequal := {name: each for name, each in found.items() if not each < EQUAL}:
        raise SystemExit(f"values that should be equal differ: {unequal}")
    return {**found, "map of all users, not meant to be equal": round(float(apart["map"].max()), 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("million", "ranx", "rectools"), action="append")
    parser.add_argument("--users", type=int, default=100_000, help="of the comparison; ten times as many stand alone")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--peer-python", default=os.environ.get("SLATEWRIGHT_PEERS"))
    given = parser.parse_args()
    entry: dict[str, Any] = {}
    for part in given.part or ["million", "ranx", "rectools"]:
        if part == "million":
            entry[part] = million(10 * given.users, given.turns)
        elif given.peer_python:
            entry[part] = beside(given.peer_python, part, given.users, given.turns)
        else:
            print(f"left out: {part}; name the Python that has it with --peer-python")
    record("metrics", entry)


if __name__ == "__main__":
    main()
