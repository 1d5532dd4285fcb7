"""Full ranking on the fixed splits of the literature: every item that the user's training part does not hold is ranked.

    fold = load("gowalla")                        # train and test as published
    tuning = validation(fold)                     # the same form, from the train part alone
    print(evaluate(ALS().fit(tuning.train), tuning))

Recall divides by all relevant items of the user; users without a relevant item are left out. F1 is given in both ways
that papers compute it: the mean over users, and from the means of precision and recall.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame, Index, Mask
from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.metrics.hits import hits
from slatewright.metrics.ranking import hit_rate, ndcg, precision, recall
from slatewright.models.recommending import Scorer
from slatewright.models.topk import LOWEST, top_k

DATA = Path(__file__).parents[2] / "shared" / "data"
BLOCK = 512  # histories scored at once
ONE = ("interaction",)


@dataclass(frozen=True)
class Fold:
    """What a model may learn from, what it must find, and what is not listed again.

    ``hidden`` and ``seen`` have one history per user of ``train``. ``valid`` is the published validation part, which
    is not in ``train`` unless the paper has it there.
    """

    name: str
    train: Dataset
    hidden: Histories
    seen: Histories
    valid: Histories | None = None


def load(name: str, data: Path = DATA) -> Fold:
    """One of ``SETS``."""
    return SETS[name](data)


def _gowalla(data: Path) -> Fold:
    return _fold("gowalla", *_tables(data / "gowalla", "train", "test"))


def _beauty(data: Path) -> Fold:
    return _fold("amazon_beauty_bgcf", *_tables(data / "amazon_beauty_bgcf", "train", "test"))


def _electronics(data: Path) -> Fold:
    return _fold("amazon_electronics", *_tables(data / "amazon_electronics", "train", "test", "valid"))


def _lcfn(data: Path) -> Fold:
    return _fold("ml1m_lcfn", *_tables(data / "ml1m", "lcfn_train", "lcfn_test", "lcfn_valid"))


def _taobao(data: Path) -> Fold:
    """Views, carts and buys teach, buys are asked for, and only what was bought is not listed again."""
    train, test, valid = _tables(data / "taobao_behaviors", "train", "buy_test", "buy_valid")
    kinds = pl.col("behavior").replace("buy", "purchase").alias("kind")
    fold = _fold("taobao_behaviors", train.with_columns(kinds), test, valid)
    return replace(fold, seen=_of_kind(fold.train, "purchase"))


SETS: Mapping[str, Callable[[Path], Fold]] = {
    "gowalla": _gowalla,
    "amazon_beauty_bgcf": _beauty,
    "amazon_electronics": _electronics,
    "taobao_behaviors": _taobao,
    "ml1m_lcfn": _lcfn,
}


def _tables(folder: Path, *names: str) -> list[Frame]:
    return [pl.read_parquet(folder / f"{name}.parquet") for name in names]


def _fold(name: str, train: Frame, test: Frame, valid: Frame | None = None) -> Fold:
    parts = [part for part in (train, test, valid) if part is not None]
    n_users, n_items = (1 + max(int(part[column].to_numpy().max()) for part in parts) for column in ("user", "item"))
    users, items = (IdMap.of(f"{at:06d}" for at in range(n)) for n in (n_users, n_items))
    kinds = tuple(sorted(train["kind"].unique())) if "kind" in train.columns else ONE
    kind = np.searchsorted(kinds, train["kind"].to_numpy().astype(str)) if len(kinds) > 1 else np.zeros(len(train))
    dataset = Dataset(users, items, _interactions(train, kind.astype(np.int8), kinds), as_of=1)
    hidden, known = (None if part is None else _histories(part, n_users) for part in (test, valid))
    assert hidden is not None
    return Fold(name, dataset, hidden, dataset.histories(), known)


def _interactions(pairs: Frame, kind: Array, kinds: tuple[str, ...]) -> Interactions:
    user, item = (pairs[column].to_numpy().astype(np.int32) for column in ("user", "item"))
    order = np.lexsort((kind, item, user))
    ones, zeros = np.ones(len(user), np.float32), np.zeros(len(user), np.int64)
    return Interactions(user[order], item[order], kind[order], ones, ones, zeros, kinds)


def _histories(pairs: Frame, n_users: int) -> Histories:
    """One history per user, of unweighted items in order."""
    user, item = (pairs[column].to_numpy() for column in ("user", "item"))
    order = np.lexsort((item, user))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(user, minlength=n_users))]).astype(np.int64)
    n = len(user)
    return Histories(offsets, item[order].astype(np.int32), np.ones(n, np.float32), np.zeros(n, np.int64))


def _of_kind(dataset: Dataset, kind: str) -> Histories:
    chosen = dataset.interactions.kind == dataset.interactions.kinds.index(kind)
    return rows_where(dataset, chosen).histories()


def rows_where(dataset: Dataset, chosen: Mask) -> Dataset:
    """The data set with some of its events only; users and items stay."""
    table = dataset.interactions
    names = ("user", "item", "kind", "value", "weight", "time")
    return replace(dataset, interactions=replace(table, **{name: getattr(table, name)[chosen] for name in names}))


def reweighted(fold: Fold, weights: Mapping[str, float]) -> Fold:
    """The fold with events weighed by their kind; a kind of weight 0 is left out."""
    table = fold.train.interactions
    weight = np.array([weights[kind] for kind in table.kinds], np.float32)[table.kind]
    train = replace(fold.train, interactions=replace(table, weight=weight))
    return replace(fold, train=rows_where(train, weight > 0))


def validation(fold: Fold, *, share: float = 0.2, seed: int = 0) -> Fold:
    """A fold of the same form made of the train part alone; nothing of the test part is in it.

    The published validation part where there is one, else a share of each user's events, drawn at random, rounded
    down, so that nobody loses the last one.
    """
    chosen = _listed(fold.train, fold.valid) if fold.valid is not None else _drawn(fold.train, share, seed)
    train = rows_where(fold.train, ~chosen)
    hidden = fold.valid if fold.valid is not None else rows_where(fold.train, chosen).histories()
    seen = _of_kind(train, "purchase") if "purchase" in train.interactions.kinds else train.histories()
    return Fold(f"{fold.name} (validation)", train, hidden, seen)


def _listed(train: Dataset, valid: Histories) -> Mask:
    """Which buys (all events where there are no kinds) are of the validation part."""
    table = train.interactions
    pairs = np.repeat(np.arange(len(valid)), valid.lengths()) * train.n_items + valid.items
    asked = table.kind == table.kinds.index("purchase") if "purchase" in table.kinds else np.ones(len(table), np.bool_)
    return np.isin(table.user * np.int64(train.n_items) + table.item, pairs) & asked


def _drawn(train: Dataset, share: float, seed: int) -> Mask:
    user = train.interactions.user
    order = np.lexsort((np.random.default_rng(seed).random(len(user)), user))
    lengths = np.bincount(user, minlength=train.n_users)
    place = np.arange(len(user)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    chosen = np.zeros(len(user), np.bool_)
    chosen[order] = place < np.floor(share * lengths)[user]
    return chosen


def evaluate(model: Scorer, fold: Fold, ks: Sequence[int] = (20,)) -> dict[str, float]:
    """``recall@20``, ``ndcg@20``, ``hr@20``, ``f1@20`` (mean over users), ``f1_of_means@20``, for each k."""
    asked = np.flatnonzero(fold.hidden.lengths()).astype(np.int32)
    lists, counts = listed(model, fold, asked, max(ks))
    relevant = fold.hidden.take(asked)
    found = hits(lists, counts, relevant.offsets, relevant.items)
    return {f"{name}@{k}": value for k in ks for name, value in _means(found[:, :k], relevant.lengths()).items()}


def listed(model: Scorer, fold: Fold, users: Index, k: int) -> tuple[Index, Array]:
    """The k best items of some users without those of ``fold.seen``: int32 (n, k), and how many there are, (n,)."""
    histories, lists, counts = fold.train.histories(), [], []
    for start in range(0, len(users), BLOCK):
        block = users[start : start + BLOCK]
        scores, seen = model.score(histories.take(block)), fold.seen.take(block)
        scores[np.repeat(np.arange(len(block)), seen.lengths()), seen.items] = LOWEST
        best = top_k(scores, k)
        lists.append(best[0])
        counts.append(best[2])
    return np.concatenate(lists), np.concatenate(counts)


def _means(found: Mask, n_relevant: Array) -> dict[str, float]:
    p, r = precision(found, n_relevant), recall(found, n_relevant)
    both = {
        "recall": r.mean(),
        "ndcg": ndcg(found, n_relevant).mean(),
        "hr": hit_rate(found, n_relevant).mean(),
        "f1": (2 * p * r / np.maximum(p + r, 1e-12)).mean(),
        "f1_of_means": 2 * p.mean() * r.mean() / max(p.mean() + r.mean(), 1e-12),
    }
    return {name: round(float(value), 5) for name, value in both.items()}
