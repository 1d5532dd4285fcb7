"""What scikit-learn learns of facts from the training rows: what stands for a missing value, scales, categories."""

import numpy as np
import polars as pl
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

from slatewright.core.arrays import Frame
from slatewright.data.encoding.fact_categories import Categories, words_of
from slatewright.data.encoding.fact_numbers import Numbers, matrix_of

_STRATEGY = {"median": "median", "mean": "mean", "mode": "most_frequent", "constant": "constant"}


def fit_numbers(seen: Frame, names: tuple[str, ...], missing: str, constant: float, scaling: str) -> Numbers:
    """Learn from the training rows; a fact without any value, or with one value only, becomes 0 when scaled."""
    none = np.zeros(len(names))
    if not names:
        return Numbers(names, none, none, none)
    imputer = SimpleImputer(strategy=_STRATEGY[missing], fill_value=constant, keep_empty_features=True)
    filled = imputer.fit_transform(matrix_of(seen, names))
    fill = np.asarray(imputer.statistics_, dtype=np.float64)
    if scaling == "z_score":
        normal = StandardScaler().fit(filled)
        return Numbers(names, fill, normal.mean_, normal.scale_)
    if scaling == "min_max":
        span = MinMaxScaler().fit(filled)
        return Numbers(names, fill, span.data_min_, 1.0 / span.scale_)
    return Numbers(names, fill, none, np.ones(len(names)))


def fit_categories(fact: pl.Series, missing: str, constant: str, most: int) -> Categories:
    """Learn the categories of the training rows; beyond the ``most`` - 1 most frequent they share a place.

    A list that is missing has no category; nothing is filled in.
    """
    fill = None if isinstance(fact.dtype, pl.List) else constant
    if missing == "mode" and fill is not None:
        fill = _mode(fact)
    words = words_of(fact, fill)["word"]
    if words.is_empty():
        return Categories(fact.name, (), False, fill)
    encoder = OneHotEncoder(max_categories=most, handle_unknown="infrequent_if_exist", sparse_output=False)
    encoder.fit(words.to_numpy().astype(object).reshape(-1, 1))
    (rare,) = encoder.infrequent_categories_
    known = set() if rare is None else set(rare)
    values = sorted(value for value in encoder.categories_[0] if value not in known)
    return Categories(fact.name, tuple(values), bool(known), fill)


def _mode(fact: pl.Series) -> str | None:
    """The most frequent category; of equally frequent ones the first in byte order, as scikit-learn has it."""
    counts = words_of(fact, None)["word"].value_counts().sort(["count", "word"], descending=[True, False])
    return None if counts.is_empty() else str(counts["word"][0])
