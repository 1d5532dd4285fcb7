"""What the audit costs beside the evaluation that it guards: a large shop, one model, every event on one side.

    .venv/bin/python bench/bench_audit.py [--events 20000000] [--part time|memory]

The bars: a few per cent of the evaluation's time, or a few seconds; no more memory than the evaluation itself takes.
Medians of several runs; the memory is what a process needs at its peak beyond what the fold and the model hold.
"""

import argparse
from typing import Any

import numpy as np
from harness import measured, record, resident_bytes, timed

from slatewright.data.dataset import Dataset
from slatewright.data.idmap import IdMap
from slatewright.data.interactions import Interactions
from slatewright.data.splits import Fold, GlobalTime
from slatewright.evaluate import evaluate
from slatewright.evaluate.audit import Audit
from slatewright.models import Model, Popularity


def shop(events: int, seed: int = 0) -> Dataset:
    """Users of forty events or so each, popular items more often; visits are told."""
    rng = np.random.default_rng(seed)
    n_users, n_items = events // 40, 50_000
    user, stamp = np.divmod(np.sort(rng.integers(0, n_users * 10**12, events)), 10**12)
    item = (n_items * rng.random(events) ** 3).astype(np.int32)
    ones = np.ones(events, np.float32)
    session = (stamp // 10**10 + 1).astype(np.int32)
    table = Interactions(user.astype(np.int32), item, np.zeros(events, np.int8), ones, ones, stamp, session=session)
    maps = [IdMap.of([f"{at:08d}" for at in range(n)]) for n in (n_users, n_items)]
    return Dataset(maps[0], maps[1], table, as_of=10**12)


def ready(events: int) -> tuple[Fold, Model]:
    """A fold of a shop of that many events, and a model fitted on it; everything is compiled."""
    small = next(GlobalTime(validation_share=0).split(shop(10_000)))
    evaluate({"model": Popularity().fit(small.train)}, small, k=5)
    fold = next(GlobalTime(validation_share=0).split(shop(events)))
    return fold, Popularity().fit(fold.train)


def peak(events: int, audited: bool) -> int:
    """Bytes resident before the audit, or before nothing: the peak of the process tells the rest."""
    fold, model = ready(events)
    before = resident_bytes()
    if audited:
        Audit().check(fold, {"model": model}, 20)
    return before


def seconds(events: int, turns: int) -> dict[str, Any]:
    """Of the audit alone, and of the whole evaluation with it."""
    fold, model = ready(events)
    audit = timed(lambda: Audit().check(fold, {"model": model}, 20), repeats=turns).median
    whole = timed(lambda: evaluate({"model": model}, fold, k=20), repeats=1).median
    found = {one.check: one.outcome for one in Audit().check(fold, {"model": model}, 20)}
    return {
        "test_users": len(fold.test),
        "audit_seconds": round(audit, 2),
        "evaluation_seconds": round(whole, 2),
        "share": round(audit / whole, 3),
        "findings": found,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--part", choices=("time", "memory"), action="append")
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    parts, entry = given.part or ["time", "memory"], {"events": given.events}
    if "time" in parts:
        entry |= seconds(given.events, given.turns)
    if "memory" in parts:
        without, audited = (measured(peak, events=given.events, audited=one) for one in (False, True))
        sizes = {"resident_before": audited.result, "peak_without": without.peak, "peak_with_audit": audited.peak}
        entry["gb"] = {name: round(size / 1e9, 2) for name, size in sizes.items()}
    record("audit", entry)


if __name__ == "__main__":
    main()
