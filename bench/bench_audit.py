"""What the audit costs beside the evaluation that it guards: a large shop, one model, every event on one side.

python bench/bench_audit.py --events 20000000
"""

import argparse
import time

import numpy as np

from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.idmap import IdMap
from slatewright.data.splits import GlobalTime
from slatewright.evaluate.audit import Audit
from slatewright.evaluate.judged import judge
from slatewright.models import Popularity


def shop(events: int, seed: int = 0) -> Dataset:
    """Users of ten visits or so each, popular items more often; visits are told."""
    rng = np.random.default_rng(seed)
    n_users, n_items = events // 40, 50_000
    user = np.sort(rng.integers(0, n_users, events, dtype=np.int32))
    clock = np.sort(rng.integers(0, 10**12, events))
    stamp = clock[rng.permutation(events)]
    stamp = stamp[np.lexsort((stamp, user))]
    item = (n_items * rng.random(events) ** 3).astype(np.int32)
    ones = np.ones(events, np.float32)
    session = (stamp // 10**10 + 1).astype(np.int32)
    table = Interactions(user, item, np.zeros(events, np.int8), ones, ones, stamp, session=session)
    maps = [IdMap.of([f"{at:08d}" for at in range(n)]) for n in (n_users, n_items)]
    return Dataset(maps[0], maps[1], table, as_of=10**12)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000_000)
    size = parser.parse_args().events
    Audit().findings(next(GlobalTime(validation_share=0).split(shop(10_000))), {}, 5)  # compile
    fold = next(GlobalTime(validation_share=0).split(shop(size)))
    model = Popularity().fit(fold.train)
    start = time.perf_counter()
    findings = Audit().check(fold, {"model": model}, 20)
    audited = time.perf_counter() - start
    start = time.perf_counter()
    judge({"model": model}, fold, k=20)
    judged = time.perf_counter() - start
    print(f"{size:,} events, {len(fold.test):,} test users: audit {audited:.2f} s, judging with it {judged:.2f} s")
    print(*findings, sep="\n")


if __name__ == "__main__":
    main()
