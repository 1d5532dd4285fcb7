"""Linear item models: speed next to LAPACK and scikit-learn in the same run, quality on Gowalla and ML-1M.

    .venv/bin/python bench/bench_linear.py                       # inverse, columns, catalogue, ncf: about 5 minutes
    .venv/bin/python bench/bench_linear.py --parts gowalla       # SparseInverse and SLIM on Gowalla: 3 minutes
    .venv/bin/python bench/bench_linear.py --parts gowalla_ease  # EASE on Gowalla: 7 GB, 6 to 60 minutes

The bars: EASE within 1.5 times of one Cholesky factorisation and inverse of the same size by LAPACK; SLIM at least 5
times faster per column than scikit-learn's ElasticNet at equal numbers; SparseInverse on 200,000 items in bounded
memory; Gowalla Recall@20 / NDCG@20: EASE .1765 / .1467, SLIM .170 / .138; ML-1M by NCF's protocol HR@10 / NDCG@10:
EASE .719 / .449. Knobs were chosen on parts held out of the training data: see docs/log.md.
"""

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import full_ranking
import ncf_protocol
import numpy as np
from harness import measured, record
from scipy import sparse
from scipy.linalg import lapack
from sklearn.linear_model import ElasticNet

from slatewright.core.arrays import Array
from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.idmap import IdMap
from slatewright.models import EASE, SLIM, Estimator, SparseInverse
from slatewright.models.costs import Size
from slatewright.models.linear.descent import Limits, Penalties
from slatewright.models.linear.elastic_net import elastic_net
from slatewright.models.linear.inverting import sweep

GOWALLA_EASE = EASE(reg=100.0, activity_discount=0.5, dropout=0.7)
GOWALLA: dict[str, tuple[Estimator, list[float] | None]] = {
    "SparseInverse": (SparseInverse(reg=100.0, activity_discount=0.5, dropout=0.7, n_neighbors=200), None),
    "SLIM": (SLIM(reg=100.0, l1_reg=0.1, activity_discount=0.5, dropout=0.7), [0.170, 0.138]),
}
NCF: dict[str, tuple[Estimator, list[float] | None]] = {
    "EASE": (EASE(reg=500.0, activity_discount=0.5, dropout=0.5), [0.719, 0.449]),
    "SLIM": (SLIM(reg=300.0, l1_reg=1.0, activity_discount=0.5, dropout=0.5), None),
    "SparseInverse": (SparseInverse(reg=300.0, n_neighbors=500, activity_discount=0.5, dropout=0.5), None),
}


def inverse(turns: int = 3, sizes: tuple[int, ...] = (5_000, 10_000)) -> dict[str, Any]:
    """All of EASE after the data is read, next to LAPACK's Cholesky factorisation and inverse, in turns."""
    found = []
    for n in sizes:
        table = sparse.random(3 * n, n, 0.005, format="csr", dtype=np.float32, rng=np.random.default_rng(0))
        table.data[:] = 1
        gram = (table.T @ table).toarray() + 100 * np.eye(n, dtype=np.float32)
        EASE().pairs(table[:, :300].tocsr())  # compiles
        rows: dict[str, list[float]] = {"ease": [], "lapack": [], "sweep": []}
        for _ in range(turns):
            for name, call in _inverses(table, gram):
                rows[name].append(_seconds(call))
        medians = {name: statistics.median(seconds) for name, seconds in rows.items()}
        best = {name: min(seconds) for name, seconds in rows.items()}
        found.append({"n_items": n, **{name: round(value, 3) for name, value in medians.items()},
                      "ratio": round(medians["ease"] / medians["lapack"], 2),
                      "ratio_of_best": round(best["ease"] / best["lapack"], 2), "bar": 1.5})  # fmt: skip
    return {"inverse": found}


def _inverses(table: sparse.csr_matrix, gram: Array) -> list[tuple[str, Callable[[], object]]]:
    columns, rows = np.asfortranarray(gram), gram.copy()
    return [
        ("lapack", lambda: lapack.spotri(lapack.spotrf(columns, lower=1, overwrite_a=1, clean=0)[0], 1, overwrite_c=1)),
        ("ease", lambda: EASE(reg=100).pairs(table)),
        ("sweep", lambda: sweep(rows)),
    ]


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def columns(data: Path, tried: int = 12) -> dict[str, Any]:
    """Seconds per column of SLIM next to scikit-learn, one thread each; the largest difference of two numbers."""
    found = []
    for name in ("gowalla", "ml1m_lcfn"):
        table = full_ranking.load(name, data).train.matrix()
        chosen = np.sort(np.random.default_rng(0).permutation(table.shape[1])[:tried])
        for alpha, l1_ratio in ((1e-6, 0.005), (1e-3, 0.1)):
            found.append(
                {"data": name, "alpha": alpha, "l1_ratio": l1_ratio, **_columns(table, chosen, alpha, l1_ratio)}
            )
            print(found[-1], flush=True)
    return {"columns": found}


def _columns(table: sparse.csr_matrix, chosen: Array, alpha: float, l1_ratio: float) -> dict[str, float]:
    n_users, n_items = table.shape
    penalties = Penalties(np.full(n_items, n_users * alpha * (1 - l1_ratio)), n_users * alpha * l1_ratio, False)
    limits = Limits(n_items, 1_000, 1e-4)
    elastic_net(table[:500], penalties, Limits(5, 1, 1e-4))  # compiles
    start = time.process_time()
    ours = elastic_net(table, penalties, limits)
    mine = (time.process_time() - start) / n_items
    theirs, apart = [], 0.0
    for target in chosen:
        others, wanted = table.tocsc().astype(np.float64), table[:, [target]].toarray().ravel().astype(np.float64)
        others.data[others.indptr[target] : others.indptr[target + 1]] = 0
        model = ElasticNet(alpha=alpha, l1_ratio=l1_ratio, positive=True, fit_intercept=False, copy_X=False)
        start = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it did not converge in 1,000 passes
            model.fit(others, wanted)
        theirs.append(time.process_time() - start)
        apart = max(apart, float(np.abs(ours[:, [target]].toarray().ravel() - model.coef_).max()))
    return {"ms": round(1e3 * mine, 3), "scikit_learn_ms": round(1e3 * statistics.mean(theirs), 1),
            "ratio": round(statistics.mean(theirs) / mine, 1), "bar": 5, "apart": apart}  # fmt: skip


def catalogue() -> dict[str, Any]:
    """SparseInverse on a simulated catalogue of 250,000 items, in a process of its own: seconds and peak memory."""
    alone = measured(fit_catalogue, n_users=300_000, n_items=250_000, n_events=6_000_000)
    return {"catalogue": {**alone.result, "seconds": round(alone.seconds, 1)}}


def fit_catalogue(n_users: int, n_items: int, n_events: int) -> dict[str, Any]:
    """Events of users with a taste for one of 500 regions of the catalogue, items by a power law within each."""
    from harness import peak_bytes, resident_bytes

    rng = np.random.default_rng(0)
    user = np.sort(rng.integers(0, n_users, n_events)).astype(np.int32)
    region = rng.integers(0, 500, n_users)[user]
    inside = (n_items // 500 * rng.random(n_events) ** 3).astype(np.int64)
    item = ((region * (n_items // 500) + inside) % n_items).astype(np.int32)
    stray = rng.random(n_events) < 0.2
    item[stray] = (n_items * rng.random(int(stray.sum())) ** 3).astype(np.int32)
    ones, zeros = np.ones(n_events, np.float32), np.zeros(n_events, np.int64)
    users, items = (IdMap.of(f"{at:07d}" for at in range(n)) for n in (n_users, n_items))
    dataset = Dataset(users, items, Interactions(user, item, zeros.astype(np.int8), ones, ones, zeros), as_of=1)
    estimator = SparseInverse(n_neighbors=100, reg=50.0)
    told, before = estimator.cost(Size.of(dataset)).memory, resident_bytes()
    start = time.perf_counter()
    model = estimator.fit(dataset)
    seconds = time.perf_counter() - start
    return {"n_items": n_items, "n_events": n_events, "fit_seconds": round(seconds, 1),
            "numbers_per_item": round(len(model.neighbors) / n_items, 1), "told_gb": round(told / 1e9, 2),
            "peak_gb": round((peak_bytes() - before) / 1e9, 2), "dense_gb": round(4 * n_items**2 / 1e9)}  # fmt: skip


def ncf(data: Path) -> dict[str, Any]:
    task = ncf_protocol.load(data)
    found = {}
    for name, (estimator, bar) in NCF.items():
        start = time.perf_counter()
        model = estimator.fit(task.train)
        seconds = time.perf_counter() - start
        marks = {metric: round(value, 4) for metric, value in ncf_protocol.judged(model, task).items()}
        found[name] = {**marks, "fit_seconds": round(seconds, 1), "bar": bar, "knobs": _knobs(estimator)}
        print(name, found[name], flush=True)
    return {"ncf": found}


def gowalla(data: Path, chosen: dict[str, tuple[Estimator, list[float] | None]]) -> dict[str, Any]:
    fold = full_ranking.load("gowalla", data)
    found = {}
    for name, (estimator, bar) in chosen.items():
        start = time.perf_counter()
        model = estimator.fit(fold.train)
        seconds = time.perf_counter() - start
        marks = full_ranking.evaluate(model, fold)
        found[name] = {"recall@20": marks["recall@20"], "ndcg@20": marks["ndcg@20"], "bar": bar,
                       "fit_seconds": round(seconds, 1), "knobs": _knobs(estimator)}  # fmt: skip
        print(name, found[name], flush=True)
    return {"gowalla": found}


def _knobs(estimator: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(estimator).items() if value is not None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=full_ranking.DATA)
    parser.add_argument("--parts", nargs="+", default=["inverse", "columns", "catalogue", "ncf"])
    arguments = parser.parse_args()
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "inverse": inverse,
        "columns": lambda: columns(arguments.data),
        "catalogue": catalogue,
        "ncf": lambda: ncf(arguments.data),
        "gowalla": lambda: gowalla(arguments.data, GOWALLA),
        "gowalla_ease": lambda: gowalla(arguments.data, {"EASE": (GOWALLA_EASE, [0.1765, 0.1467])}),
    }
    for name in arguments.parts:
        record("linear", parts[name]())


if __name__ == "__main__":
    main()
