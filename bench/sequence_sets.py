"""Sequences of the literature, as published: what a model may learn from, the histories that are asked, what follows.

    part = load("beauty")                    # leave-one-out: the last event of each user is asked for
    print(judged(SASRec().fit(part.train), part))

Every item is ranked. Items of the history are left out where a user never takes one twice (``repeats`` is False).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Index
from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.model import Model

DATA = Path(__file__).parents[2] / "shared" / "data"
BLOCK = 512  # histories scored at once


@dataclass(frozen=True)
class Part:
    """``asked`` are histories, ``targets`` int32 what comes after each of them."""

    train: Dataset
    asked: Histories
    targets: Index
    repeats: bool
    cut: int


def load(name: str, data: Path = DATA) -> Part:
    """One of ``SETS``."""
    return SETS[name](data)


def _ml1m(data: Path) -> Part:
    frame = pl.read_parquet(data / "ml1m" / "sasrec_sequences.parquet")
    return _leave_one_out(frame.select(user="sas_user", item="sas_item", pos="pos"))


def _beauty(data: Path) -> Part:
    return _leave_one_out(pl.read_parquet(data / "amazon_s3rec" / "beauty_sequences.parquet"))


def _diginetica(data: Path) -> Part:
    train = pl.read_parquet(data / "sessions_diginetica" / "train.parquet")
    test = pl.read_parquet(data / "sessions_diginetica" / "test.parquet")
    lists, asked = ([one.to_numpy() for one in column] for column in (train["items"], test["prefix"]))
    targets = test["target"].to_numpy().astype(np.int32)
    n_items = 1 + max(int(one.max(initial=0)) for one in (*lists, *asked, targets))
    return Part(dataset_of_lists(lists, n_items), Histories.of(asked), targets, True, 20)


SETS: Mapping[str, Callable[[Path], Part]] = {"ml1m": _ml1m, "beauty": _beauty, "diginetica": _diginetica}


def validation(part: Part, n: int | None = None) -> Part:
    """The same question about the train part: its histories (the first ``n``) without their latest event, which is
    asked for."""
    histories = part.train.histories()
    lists = [one for one in np.split(histories.items, histories.offsets[1:-1]) if len(one) > 1]
    return replace(_without_last(lists[:n], part.train.n_items), repeats=part.repeats, cut=part.cut)


def _leave_one_out(frame: pl.DataFrame) -> Part:
    """Users and items count from 1; the last event is asked for."""
    groups = frame.sort("user", "pos").group_by("user", maintain_order=True).agg("item")["item"]
    return _without_last([one.to_numpy() - 1 for one in groups], int(frame["item"].to_numpy().max()))


def _without_last(lists: Sequence[Array], n_items: int) -> Part:
    train = dataset_of_lists([one[:-1] for one in lists], n_items)
    return Part(train, train.histories(), np.array([one[-1] for one in lists], np.int32), False, 10)


def dataset_of_lists(lists: Sequence[Array], n_items: int) -> Dataset:
    """A data set of one list of items per user, oldest first; all events weigh 1."""
    lengths = np.array([len(one) for one in lists])
    user = np.repeat(np.arange(len(lists)), lengths).astype(np.int32)
    time = np.concatenate([np.arange(n) for n in lengths]).astype(np.int64)
    ones, kind = np.ones(len(user), np.float32), np.zeros(len(user), np.int8)
    table = Interactions(user, np.concatenate(lists).astype(np.int32), kind, ones, ones, time, ("interaction",))
    users, items = (IdMap.of(f"{at:06d}" for at in range(n)) for n in (len(lists), n_items))
    return Dataset(users, items, table, as_of=int(lengths.max()))


def judged(model: Model, part: Part) -> dict[str, float]:
    """``recall@k``, ``ndcg@k`` and ``mrr@k`` over all that is asked; ties count against the target."""
    ranks = []
    for start in range(0, len(part.asked), BLOCK):
        rows = np.arange(start, min(start + BLOCK, len(part.asked)), dtype=np.int32)
        ranks.append(_ranks(model, part, rows))
    rank, k = np.concatenate(ranks), part.cut
    gains = {"recall": np.ones(len(rank)), "ndcg": 1 / np.log2(rank + 2), "mrr": 1 / (rank + 1)}
    return {f"{name}@{k}": round(float(np.where(rank < k, gain, 0).mean()), 5) for name, gain in gains.items()}


def _ranks(model: Model, part: Part, rows: Index) -> Array:
    histories, targets, at = part.asked.take(rows), part.targets[rows], np.arange(len(rows))
    scores = model.score(histories)
    mine = scores[at, targets]
    if not part.repeats:
        scores[np.repeat(at, histories.lengths()), histories.items] = -np.inf
    scores[at, targets] = -np.inf
    ranks: Array = (scores >= mine[:, None]).sum(axis=1)
    return ranks
