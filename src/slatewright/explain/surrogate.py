"""A local surrogate: how any model's answer changes near one case, as a weighted sum that people can read.

Ribeiro, Singh and Guestrin: "Why should I trust you?" Explaining the predictions of any classifier, KDD 2016; by the
``lime`` package of the authors.
"""

from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.extras import require
from slatewright.core.randomness import Rng, generator
from slatewright.explain.rankers import Scoring

FEW_VALUES = 10  # a column of so few whole numbers is a code: it is the same or another, nothing lies between


@dataclass(frozen=True)
class Surrogate:
    """``base`` plus the ``parts`` float64 (features,) is what the surrogate says of the case; ``fit`` is its R² on the
    cases it was fitted to, the nearer ones counting more."""

    base: float
    parts: Array
    fit: float


def near_row(
    score: Scoring, row: Array, background: Array, rng: Rng, n: int, *, codes: list[int] | None = None
) -> Surrogate:
    """Near a row of features: ``n`` rows drawn around it, as far as ``background`` float64 (rows, features) spreads.

    ``codes`` are the columns that are categories; None: those of few whole numbers.
    """
    if codes is None:
        codes = [at for at in range(len(row)) if _is_code(background[:, at]) and row[at] == round(row[at])]
    return _fitted(score, row, background, codes, rng, n)


def of_presence(score: Scoring, n_things: int, rng: Rng, n: int) -> Surrogate:
    """Of things that are there, ``n`` times half of them drawn away: ``score`` float64 (n,) is asked what comes of
    matrices of 0 and 1, (n, n_things)."""
    either = np.array([[0.0], [1.0]]) * np.ones(n_things)
    return _fitted(score, np.ones(n_things), either, list(range(n_things)), rng, n)


def _fitted(score: Scoring, row: Array, background: Array, codes: list[int], rng: Rng, n: int) -> Surrogate:
    tabular = require("lime.lime_tabular", extra="explain", why="a local surrogate (method='lime')")
    explainer = tabular.LimeTabularExplainer(
        background,
        mode="regression",
        categorical_features=codes,
        feature_selection="none",
        discretize_continuous=False,
        sample_around_instance=True,
        random_state=int(generator(rng).integers(2**31)),
    )
    found = explainer.explain_instance(row, score, num_features=len(row), num_samples=n)
    slopes = np.zeros(len(row))
    for at, slope in found.local_exp[1]:
        slopes[at] = slope
    scaled = (row - explainer.scaler.mean_) / explainer.scaler.scale_
    scaled[codes] = 1  # the same code as the row's
    return Surrogate(float(found.intercept[1]), slopes * scaled, float(found.score))


def _is_code(column: Array) -> bool:
    values = np.unique(column)
    return len(values) <= FEW_VALUES and bool((values == np.round(values)).all())
