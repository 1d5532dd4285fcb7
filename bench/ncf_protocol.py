"""NCF's leave-one-out on ML-1M: one positive against the sampled negatives of its file, HR@10 and NDCG@10.

    from ncf_protocol import judged, load, validation
    task = load(data)              # train: all rows but each user's last; test: that last row and 99 sampled items
    judged(ALS().fit(task.train), task)
    tuning = validation(data)      # the same game inside the training part
    judged(ALS().fit(tuning.train), tuning)

The protocol is that of He et al. (Neural Collaborative Filtering, WWW 2017) as Rendle et al. ran the baselines
(Neural Collaborative Filtering vs. Matrix Factorization Revisited, RecSys 2020). In 156 of the published lists the
test item is among its own negatives; there it is dropped. A tie counts against the model.

Knobs are chosen on each user's last training row, by the order in time that the data of SASRec hold: what was taken
last is harder to guess than a row drawn at random (.75 against .84 for the same model), as the test rows are. A
standard error of HR@10 over 6,040 users is .006.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Index
from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.idmap import IdMap
from slatewright.models import Model

USERS, ITEMS = 6_040, 3_706
K = 10
NEGATIVES = 99
BLOCK = 1_024  # users scored at a time


@dataclass(frozen=True)
class Task:
    """A training set and one case per user: ``positive`` int32 (users,) against ``negatives`` int32 (users, 99).

    ``counts`` bool (users, 99) is False where a negative is the positive itself and does not count.
    """

    train: Dataset
    positive: Index
    negatives: Index
    counts: Array


def load(data: Path) -> Task:
    """The published split; ``data`` is the folder that holds ``ml1m``."""
    test = pl.read_parquet(data / "ml1m" / "ncf_test.parquet").sort("ncf_user")
    rows = pl.read_parquet(data / "ml1m" / "ratings.parquet", columns=["ncf_user", "ncf_item"])
    train = rows.join(test.select("ncf_user", "ncf_item"), on=["ncf_user", "ncf_item"], how="anti")
    assert (train.height, test.height) == (994_169, USERS)
    positive = test["ncf_item"].to_numpy()
    negatives = test["negatives"].explode().to_numpy().reshape(USERS, NEGATIVES)
    users, items = train["ncf_user"].to_numpy(), train["ncf_item"].to_numpy()
    return Task(dataset(users, items), positive, negatives, negatives != positive[:, None])


def dataset(users: Index, items: Index) -> Dataset:
    """Pairs as a data set with all users and items in it, every event of weight 1, in the order of the items."""
    order = np.lexsort((items, users))
    ones, zeros = np.ones(len(users), np.float32), np.zeros(len(users), np.int64)
    table = Interactions(users[order], items[order], zeros.astype(np.int8), ones, ones, zeros)
    names = [IdMap.of(f"{at:05d}" for at in range(n)) for n in (USERS, ITEMS)]
    return Dataset(names[0], names[1], table, as_of=1)


def validation(data: Path, seed: int = 0) -> Task:
    """The last training row of each user against negatives drawn from what the user has no training row of.

    No test row is looked at but to leave it out. Rows without a place in time (of items rated less than five times)
    count as the earliest.
    """
    rng = np.random.default_rng(seed)
    users, items, times = (column.to_numpy() for column in in_time(data))
    order = np.lexsort((rng.random(len(users)), times, users))
    users, items = users[order], items[order]
    last = np.append(users[1:] != users[:-1], True)
    noise = rng.random((USERS, ITEMS), dtype=np.float32)
    noise[users, items] = 2.0
    negatives = np.argpartition(noise, NEGATIVES, axis=1)[:, :NEGATIVES].astype(np.int32)
    train = dataset(users[~last], items[~last])
    return Task(train, items[last], negatives, np.ones_like(negatives, dtype=bool))


def in_time(data: Path) -> pl.DataFrame:
    """The training rows: ``ncf_user``, ``ncf_item``, and the place ``pos`` in the order of the user."""
    test = pl.read_parquet(data / "ml1m" / "ncf_test.parquet", columns=["ncf_user", "ncf_item"])
    places = pl.read_parquet(data / "ml1m" / "sasrec_sequences.parquet", columns=["user_id", "movie_id", "pos"])
    rows = pl.read_parquet(data / "ml1m" / "ratings.parquet").join(places, on=["user_id", "movie_id"], how="left")
    train = rows.join(test, on=["ncf_user", "ncf_item"], how="anti")
    return train.select("ncf_user", "ncf_item", pl.col("pos").fill_null(-1))


def of_first(task: Task, n: int) -> Task:
    """The same game of the first ``n`` users alone."""
    table = task.train.interactions
    mine = table.user < n
    train = dataset(table.user[mine], table.item[mine])
    return Task(train, task.positive[:n], task.negatives[:n], task.counts[:n])


def judged(model: Model, task: Task) -> dict[str, float]:
    """``hr@10`` and ``ndcg@10`` over all users."""
    ranks = ranks_of(model, task)
    hit = ranks < K
    return {"hr@10": float(hit.mean()), "ndcg@10": float((hit / np.log2(ranks + 2.0)).mean())}


def ranks_of(model: Model, task: Task) -> Array:
    """How many of its negatives beat (or tie with) each user's positive, int64 (users,)."""
    histories, ranks = task.train.histories(), []
    for start in range(0, len(task.positive), BLOCK):
        asked = np.arange(start, min(start + BLOCK, len(task.positive)), dtype=np.int32)
        scores = model.score(histories.take(asked))
        positive = np.take_along_axis(scores, task.positive[asked, None], axis=1)
        negatives = np.take_along_axis(scores, task.negatives[asked], axis=1)
        ranks.append(((negatives >= positive) & task.counts[asked]).sum(axis=1))
    return np.concatenate(ranks)
