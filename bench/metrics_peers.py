"""The other side of ``bench_metrics.py``: runs in an environment of its own, where ranx or RecTools is installed.

    python3 -m venv .venv-peers/metrics && .venv-peers/metrics/bin/pip install ranx rectools
    .venv-peers/metrics/bin/python metrics_peers.py LIBRARY WORLD.npz

WORLD.npz holds ``lists`` int32 (users, k), the right items as ``offsets`` and ``relevant``, the pairs of training as
``user`` and ``item``, and ``n_items``. Answers every line on standard input, ``build``, ``time`` or ``values``, with
one line of JSON; everything is compiled before the first.
"""

import json
import sys
import time
from typing import Any

import numpy as np

FIVE = ("recall", "ndcg", "map", "mrr", "hit_rate")


class Ranx:
    """Qrels and Run are built of dictionaries, which is quicker than of data frames; making those is not counted."""

    def __init__(self, world: Any, k: int) -> None:
        lists, offsets, relevant = world["lists"], world["offsets"], world["relevant"].tolist()
        ends = offsets.tolist()
        self.k = k
        self.taken = {
            f"u{user}": {f"i{item}": 1 for item in relevant[ends[user] : ends[user + 1]]} for user in range(len(lists))
        }
        self.shown = {
            f"u{user}": {f"i{item}": float(k - place) for place, item in enumerate(row)}
            for user, row in enumerate(lists.tolist())
        }

    def build(self) -> None:
        from ranx import Qrels, Run  # type: ignore[import-not-found, unused-ignore]

        self.qrels, self.run = Qrels.from_dict(self.taken), Run.from_dict(self.shown)

    def five(self) -> Any:
        return self._evaluate(FIVE)

    def values(self) -> dict[str, Any]:
        self._evaluate((*FIVE, "precision"))
        names = list(self.taken)
        return {name.split("@")[0]: [each[user] for user in names] for name, each in self.run.scores.items()}

    def _evaluate(self, metrics: tuple[str, ...]) -> Any:
        from ranx import evaluate

        return evaluate(self.qrels, self.run, [f"{name}@{self.k}" for name in metrics])


class RecTools:
    """Data frames of numbers, as its own models give them; making those is not counted."""

    def __init__(self, world: Any, k: int) -> None:
        import pandas as pd  # type: ignore[import-untyped, import-not-found, unused-ignore]

        lists, offsets = world["lists"], world["offsets"]
        n = len(lists)
        self.k, self.users, self.catalog = k, np.arange(n), np.arange(int(world["n_items"]))
        places = np.tile(np.arange(1, k + 1), n)
        self.shown = pd.DataFrame({"user_id": np.repeat(self.users, k), "item_id": lists.ravel(), "rank": places})
        owner = np.repeat(self.users, np.diff(offsets))
        self.taken = pd.DataFrame({"user_id": owner, "item_id": world["relevant"]})
        self.before = pd.DataFrame({"user_id": world["user"], "item_id": world["item"]})

    def build(self) -> None:
        """There is nothing to build."""

    def five(self) -> Any:
        from rectools.metrics import calc_metrics  # type: ignore[import-not-found, unused-ignore]

        return calc_metrics({name: self._metrics()[name] for name in FIVE}, reco=self.shown, interactions=self.taken)

    def values(self) -> dict[str, Any]:
        from rectools.metrics import CatalogCoverage, MeanInvUserFreq

        told = {
            name: metric.calc_per_user(self.shown, self.taken).reindex(self.users).tolist()
            for name, metric in self._metrics().items()
        }
        told["novelty"] = MeanInvUserFreq(self.k).calc_per_user(self.shown, self.before).reindex(self.users).tolist()
        told["coverage"] = CatalogCoverage(self.k, normalize=True).calc(self.shown, self.catalog)
        return told

    def _metrics(self) -> dict[str, Any]:
        from rectools.metrics import MAP, MRR, NDCG, HitRate, Precision, Recall

        k = self.k
        found = {"recall": Recall(k), "ndcg": NDCG(k, divide_by_achievable=True), "map": MAP(k), "mrr": MRR(k)}
        return {**found, "hit_rate": HitRate(k), "precision": Precision(k)}


SIDES: dict[str, Any] = {"ranx": Ranx, "rectools": RecTools}


def main() -> None:
    from importlib.metadata import version

    library, path = sys.argv[1:3]
    with np.load(path) as arrays:
        world = dict(arrays)
    k = world["lists"].shape[1]
    small = {**world, "lists": world["lists"][:100], "offsets": world["offsets"][:101]}
    small["relevant"] = world["relevant"][: small["offsets"][-1]]
    for part in (small, world):
        side = SIDES[library](part, k)
        if part is small:
            side.build()
            side.five()  # what is compiled, is compiled now
    print(json.dumps({"version": version(library)}), flush=True)
    for line in sys.stdin:
        if line.strip() == "values":
            print(json.dumps(side.values()), flush=True)
            continue
        call = side.build if line.strip() == "build" else side.five
        start = time.perf_counter()
        call()
        print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
