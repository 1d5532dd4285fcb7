"""The other side of ``bench_ratings.py``: runs in an environment of its own, where the peers are installed.

    python3 -m venv .venv-peers/ratings
    .venv-peers/ratings/bin/pip install "numpy<2" scipy pandas threadpoolctl scikit-surprise cmfrec libmf
    .venv-peers/ratings/bin/python ratings_peers.py LIBRARY RATINGS.npz '{"knob": value}' THREADS

RATINGS.npz holds ``train`` and ``test`` float32 (n, 3): user, item, rating. Prints one JSON object: the seconds of the
fit alone, and the RMSE of its predictions on ``test``, clipped to the scale.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

Answer = tuple[float, Any]  # seconds of the fit, predictions for the test pairs


def surprise(train: Any, test: Any, knobs: dict[str, Any], threads: int) -> Answer:
    import pandas as pd  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from surprise import SVD, Dataset, Reader  # type: ignore[import-not-found, unused-ignore]

    table = pd.DataFrame({"user": train[:, 0].astype(int), "item": train[:, 1].astype(int), "rating": train[:, 2]})
    known = Dataset.load_from_df(table, Reader(rating_scale=(1, 5))).build_full_trainset()
    model = SVD(random_state=0, **knobs)
    start = time.perf_counter()
    model.fit(known)
    seconds = time.perf_counter() - start
    if knobs.get("n_epochs", 20) < 5:
        return seconds, np.full(len(test), train[:, 2].mean())  # asked for speed only
    return seconds, np.array([model.predict(int(u), int(i)).est for u, i in test[:, :2]])


def cmfrec(train: Any, test: Any, knobs: dict[str, Any], threads: int) -> Answer:
    from cmfrec import CMF  # type: ignore[import-not-found, unused-ignore]
    from scipy.sparse import coo_matrix

    matrix = coo_matrix((train[:, 2], (train[:, 0].astype(np.int32), train[:, 1].astype(np.int32))))
    model = CMF(method="als", use_float=True, nthreads=threads, verbose=False, **knobs)
    start = time.perf_counter()
    model.fit(matrix)
    seconds = time.perf_counter() - start
    return seconds, model.predict(test[:, 0].astype(np.int32), test[:, 1].astype(np.int32))


def libmf(train: Any, test: Any, knobs: dict[str, Any], threads: int) -> Answer:
    from libmf import mf  # type: ignore[import-not-found, unused-ignore]

    mean = train[:, 2].mean()  # LIBMF has neither a mean nor levels of its own
    model = mf.MF(nr_threads=threads, quiet=True, **knobs)
    around = train - np.array([0, 0, mean], dtype=np.float32)
    start = time.perf_counter()
    model.fit(around)
    seconds = time.perf_counter() - start
    users, items = model.p_factors(), model.q_factors()  # its own predict answers other pairs than those asked for
    rows, columns = np.minimum(test[:, :2].astype(int), [len(users) - 1, len(items) - 1]).T
    return seconds, (users[rows] * items[columns]).sum(axis=1) + mean


LIBRARIES: dict[str, Callable[..., Answer]] = {"surprise": surprise, "cmfrec": cmfrec, "libmf": libmf}


def main() -> None:
    library, path, knobs, threads = sys.argv[1:5]
    data = np.load(path)
    train, test = data["train"], data["test"]
    seconds, predicted = LIBRARIES[library](train, test, json.loads(knobs), int(threads))
    predicted = np.where(np.isfinite(predicted), predicted, train[:, 2].mean())
    error = np.clip(predicted, train[:, 2].min(), train[:, 2].max()) - test[:, 2]
    print(json.dumps({"seconds": seconds, "rmse": float(np.sqrt(np.mean(np.square(error)))), "ratings": len(train)}))


if __name__ == "__main__":
    main()
