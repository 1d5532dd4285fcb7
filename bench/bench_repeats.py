"""Buy it again on Online Retail: which of the things that a customer already bought are bought next?

    .venv/bin/python bench/bench_repeats.py [--data ../shared/data] [--search]

All that is known before the cut is training. Ranked are the items of each customer's own history, all of them; right
are those that the customer buys in the 60 days from the cut on (asked at the cut), or on the next day of buying within
those days (asked when that day begins). The cut of the test is 2011-10-01; knobs were chosen by ``--search`` on three
earlier cuts. Beside BuyItAgain stand what the customer bought most often, most recently, the models of Bhagat and
others (Buy it again, KDD 2018: RCP, and MPG, the modified Poisson-Gamma), and a hand-made mix: the faded count of the
pair times the root of the item's faded popularity. Intervals are bootstrap ones over customers.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from harness import record

from slatewright.core.arrays import Array, Index
from slatewright.core.clock import MICROSECONDS_PER_DAY, instant
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.metrics.bootstrap import Bootstrap, Interval
from slatewright.metrics.ranking import hit_rate, ndcg, recall
from slatewright.models import BuyItAgain
from slatewright.models.repeats.occasions import Occasions, occasions_of
from slatewright.store.founding import found
from slatewright.store.importing import import_shop
from slatewright.store.shop import Shop

K, DAYS = 10, 60
TEST = "2011-10-01"
WINDOWS = ("2010-09-01", "2011-06-01", "2011-08-01")
METRICS = {"hit_rate": hit_rate, "recall": recall, "ndcg": ndcg}
GRID: Mapping[str, tuple[Any, ...]] = {
    "horizon_days": (7.0, 14.0, 30.0, 60.0),
    "shrinkage": (1.0, 3.0, 10.0),
    "half_life_days": (None, 365.0, 180.0),
}


@dataclass(frozen=True)
class Asked:
    """n customers who buy a known thing again: their training histories, ``now`` of each, and what was right."""

    train: Dataset
    histories: Histories
    now: Array
    right: list[Index]

    def groups(self) -> Iterator[tuple[Array, int]]:
        """Customers that are asked at the same instant."""
        for now in np.unique(self.now):
            yield np.flatnonzero(self.now == now), int(now)


Scorer = Callable[[Dataset, Histories, Occasions, int], Array]  # a score for the last occasion of each pair


def asked(shop: Shop, cut: str, *, next_visit: bool) -> Asked:
    """The questions of a cut."""
    at, until = instant(cut), instant(cut) + DAYS * MICROSECONDS_PER_DAY
    train = shop.weighing().read(shop.log, as_of=at)
    later = shop.weighing().read(shop.log, as_of=until)
    table = later.interactions
    after = table.time >= at
    users, known_user = train.users.locate(later.users.names_of(table.user[after]))
    items, known_item = train.items.locate(later.items.names_of(table.item[after]))
    both = known_user & known_item
    user, item = users[both[known_user]], items[both[known_item]]
    day = table.time[after][both] // MICROSECONDS_PER_DAY
    had = np.isin(user.astype(np.int64) * train.n_items + item, _pairs(train))
    user, item, day = user[had], item[had], day[had]
    if next_visit:
        first = np.full(train.n_users, np.iinfo(np.int64).max)
        np.minimum.at(first, user, day)
        user, item, day = (part[day == first[user]] for part in (user, item, day))
    who, start = np.unique(user[np.argsort(user, kind="stable")], return_index=True)
    order = np.argsort(user, kind="stable")
    right = [np.unique(part).astype(np.int32) for part in np.split(item[order], start[1:])]
    days = np.minimum.reduceat(day[order], start)
    now = days * MICROSECONDS_PER_DAY if next_visit else np.full(len(who), at)
    return Asked(train, train.histories().take(who.astype(np.int32)), np.maximum(now, at), right)


def _pairs(dataset: Dataset) -> Array:
    table = dataset.interactions
    return np.unique(table.user.astype(np.int64) * dataset.n_items + table.item)


def judged(questions: Asked, scorer: Scorer) -> Array:
    """Every metric of every customer, float64 (n, metrics)."""
    values = np.zeros((len(questions.right), len(METRICS)))
    for rows, now in questions.groups():
        histories = questions.histories.take(rows.astype(np.int32))
        occasions = occasions_of(histories, now)
        last = np.flatnonzero(occasions.is_last)
        owner, item = occasions.owner[last], occasions.item[last]
        scores = scorer(questions.train, histories, occasions, now)
        order = np.lexsort((item, -scores, owner))
        starts = np.searchsorted(owner[order], np.arange(len(rows) + 1))
        for at, row in enumerate(rows):
            ranked = item[order][starts[at] : starts[at + 1]][:K]
            hits = np.zeros((1, K), dtype=np.bool_)
            hits[0, : len(ranked)] = np.isin(ranked, questions.right[row])
            relevant = np.array([len(questions.right[row])])
            values[row] = [metric(hits, relevant)[0] for metric in METRICS.values()]
    return values


def most_often(train: Dataset, histories: Histories, occasions: Occasions, now: int) -> Array:
    last = occasions.is_last
    return np.asarray(occasions.count[last] + 1e-6 * (occasions.day[last] - occasions.day.min()))


def most_recent(train: Dataset, histories: Histories, occasions: Occasions, now: int) -> Array:
    last = occasions.is_last
    return np.asarray(occasions.day[last] + 1e-3 * occasions.count[last])


def faded_mix(train: Dataset, histories: Histories, occasions: Occasions, now: int) -> Array:
    """The count of the pair halved every 180 days, times the root of the item's purchases halved every 14."""
    today = now / MICROSECONDS_PER_DAY
    pair = np.cumsum(np.append(False, occasions.is_last[:-1]))
    own = np.bincount(pair, np.exp2(-(today - occasions.day) / 180))
    everybody = occasions_of(train.histories(), now)
    faded = np.exp2(-(today - everybody.day) / 14)
    popular = np.bincount(everybody.item, faded, minlength=train.n_items)
    return np.asarray(own * np.sqrt(popular[occasions.item[occasions.is_last]]))


def repeat_shares(train: Dataset) -> Array:
    """RCP: the share of an item's customers who bought it again, lent one customer of all."""
    everybody = occasions_of(train.histories(), train.as_of)
    last = everybody.is_last
    again = np.bincount(everybody.item[last], everybody.count[last] > 1, minlength=train.n_items)
    customers = np.bincount(everybody.item[last], minlength=train.n_items)
    return np.asarray((again + again.sum() / max(customers.sum(), 1)) / (customers + 1))


def rcp(train: Dataset, histories: Histories, occasions: Occasions, now: int) -> Array:
    return np.asarray(repeat_shares(train)[occasions.item[occasions.is_last]])


def mpg(train: Dataset, histories: Histories, occasions: Occasions, now: int) -> Array:
    """MPG: RCP times a Poisson rate whose Gamma prior is the item's, less before the usual interval has passed."""
    shape, rate, usual = gamma_priors(train)
    last, today = occasions.is_last, now / MICROSECONDS_PER_DAY
    item, count = occasions.item[last], occasions.count[last]
    span = (occasions.day[last] - occasions.first[last]).astype(np.float64)
    since = today - occasions.day[last]
    mean = np.where(count > 1, span / np.maximum(count - 1, 1), usual[item])
    early = since < 2 * mean
    waited = np.where(early, span + 2 * np.abs(mean - since), span + since)
    rates = (count + shape[item]) / (waited + rate[item])
    return np.asarray(repeat_shares(train)[item] * rates * np.exp(-rates))


def gamma_priors(train: Dataset) -> tuple[Array, Array, Array]:
    """Shape and rate of each item's Gamma, by the moments of its customers' purchase rates, and its usual days."""
    everybody = occasions_of(train.histories(), train.as_of)
    rows = np.flatnonzero(everybody.is_last & (everybody.count > 1))
    item, count = everybody.item[rows], everybody.count[rows]
    span = np.maximum(everybody.day[rows] - everybody.first[rows], 1).astype(np.float64)
    rates, n = (count - 1) / span, train.n_items
    times = np.bincount(item, minlength=n)
    enough = times > 5
    means = np.where(enough, np.bincount(item, rates, minlength=n) / np.maximum(times, 1), rates.mean())
    squares = np.bincount(item, rates**2, minlength=n) / np.maximum(times, 1)
    spread = np.maximum(np.where(enough, squares - means**2, rates.var()), 1e-6)
    intervals = np.bincount(item, span, minlength=n) / np.maximum(np.bincount(item, count - 1, minlength=n), 1)
    return means**2 / spread, means / spread, np.where(intervals > 0, intervals, span.sum() / (count - 1).sum())


def ours(knobs: BuyItAgain, train: Dataset) -> Scorer:
    model = knobs.fit(train)
    return lambda _, histories, __, now: model.repeats(histories, now).chances


PEERS: Mapping[str, Scorer] = {
    "most often": most_often,
    "most recent": most_recent,
    "RCP": rcp,
    "MPG": mpg,
    "faded mix": faded_mix,
}


def table(questions: Asked) -> dict[str, Any]:
    """Each contender's metrics with intervals, and how far BuyItAgain leads it."""
    scorers = {**PEERS, "BuyItAgain": ours(BuyItAgain(), questions.train)}
    values = {name: judged(questions, scorer) for name, scorer in scorers.items()}
    best = values["BuyItAgain"]
    columns = np.hstack([*values.values(), *(best - values[name] for name in PEERS)])
    means = Bootstrap().means(columns)
    width, found = len(METRICS), {}
    for at, name in enumerate(values):
        found[name] = _named(means[width * at : width * (at + 1)])
    for at, name in enumerate(PEERS, start=len(values)):
        found[f"BuyItAgain - {name}"] = _named(means[width * at : width * (at + 1)])
    return {"customers": len(best), **found}


def _named(intervals: list[Interval]) -> dict[str, list[float]]:
    rounded = [[round(number, 4) for number in (one.value, one.low, one.high)] for one in intervals]
    return dict(zip(METRICS, rounded, strict=True))


def search(shop: Shop) -> list[dict[str, Any]]:
    """NDCG of each setting on the windows before the test, both protocols."""
    windows = [asked(shop, cut, next_visit=later) for cut in WINDOWS for later in (False, True)]
    found = []
    for values in product(*GRID.values()):
        knobs = dict(zip(GRID, values, strict=True))
        scores = [judged(one, ours(BuyItAgain(**knobs), one.train))[:, 2].mean() for one in windows]
        found.append({**knobs, "ndcg": [round(float(score), 4) for score in scores]})
        print(found[-1], flush=True)
    return sorted(found, key=lambda one: -sum(one["ndcg"]))


def main() -> None:
    default = Path(os.environ.get("SLATEWRIGHT_DATA", Path(__file__).parents[2] / "shared" / "data"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--search", action="store_true", help="choose the knobs on the windows; not the test part")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shop = found(Path(folder) / "shop", [str(arguments.data / "online_retail" / "*.parquet")]).shop
        import_shop(shop, now=instant("2012-01-01"))
        if arguments.search:
            record("repeats", {"data": "online_retail", "windows": WINDOWS, "search": search(shop)})
            return
        tests = {
            name: table(asked(shop, TEST, next_visit=later))
            for name, later in (("60 days", False), ("next visit", True))
        }
    record("repeats", {"data": "online_retail", "cut": TEST, "k": K, **tests})


if __name__ == "__main__":
    main()
