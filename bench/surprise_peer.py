"""The other side of ``bench_knn.py``: runs in an environment of its own, where Surprise is installed.

Reads a JSON list of (user, item, rating, fold); prints RMSE, MAE and seconds of KNNBaseline over the folds.
"""

import json
import sys
import time
from typing import Any

MODELS: dict[str, Any] = {
    "KNNBaseline()": {"verbose": False},
    "KNNBaseline(items, pearson_baseline)": {
        "verbose": False,
        "sim_options": {"name": "pearson_baseline", "user_based": False, "shrinkage": 100},
        "bsl_options": {"method": "als", "reg_i": 10, "reg_u": 10, "n_epochs": 10},
    },
}


def main() -> None:
    import pandas as pd  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from surprise import Dataset, KNNBaseline, Reader, accuracy  # type: ignore[import-not-found, unused-ignore]

    rows = json.load(sys.stdin)
    answers = []
    for name, knobs in MODELS.items():
        errors, fits, asks = [], [], []
        for fold in range(1, 6):
            train = pd.DataFrame([row[:3] for row in rows if row[3] != fold], columns=["u", "i", "r"])
            trainset = Dataset.load_from_df(train, Reader(rating_scale=(1, 5))).build_full_trainset()
            start = time.perf_counter()
            model = KNNBaseline(**knobs).fit(trainset)
            fits.append(time.perf_counter() - start)
            start = time.perf_counter()
            said = model.test([tuple(row[:3]) for row in rows if row[3] == fold])
            asks.append(time.perf_counter() - start)
            errors.append((accuracy.rmse(said, verbose=False), accuracy.mae(said, verbose=False)))
        rmse, mae = (sum(part) / len(part) for part in zip(*errors))  # noqa: B905
        seconds = {"fit_seconds": sorted(fits)[2], "predict_seconds": sorted(asks)[2]}
        answers.append({"knobs": name, "rmse": rmse, "mae": mae, **seconds})
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
