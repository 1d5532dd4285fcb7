"""Reasons of rankers that read a table of features, and what counts over the whole table."""

from typing import Any

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.errors import BadInput
from slatewright.core.randomness import Rng, generator
from slatewright.explain.feature_table import FeatureTable
from slatewright.explain.rankers import Scoring, name_of, scoring_of
from slatewright.explain.reasons import How, Importance, Part, Reasons, largest_first, weights_of
from slatewright.explain.surrogate import near_row
from slatewright.explain.trees import Trees, trees_of

LIME_ROWS = 5_000  # drawn near the row that is explained, as lime does
MOST_ROWS = 2_000  # of a table that are looked at for what counts over all
SHUFFLES = 3
NOTES = {
    "shap": "Parts are SHAP values of the raw score; base is the mean score of the training rows.",
    "lime": "Parts are those of a linear surrogate, fitted to rows drawn around this one: how the score changes near "
    "here, not how it is computed. Base is the mean row.",
}
OVERALL_NOTES = {
    "shap": "Importance is the mean size of a feature's SHAP values, in raw score.",
    "permutation": "Importance is how far the score moves, on the mean, when a feature is shuffled among the rows.",
}


def reasons_of_row(ranker: Any, table: FeatureTable, at: int, method: str, rng: Rng) -> Reasons:
    """Why a ranker gives a row its score; ``method`` is auto, shap or lime.

    Raises:
        BadInput: no such row; shap is asked of something without trees; a surrogate of unknown values.
        MissingExtra: shap or lime is not installed.
    """
    table = table.as_read_by(ranker)
    row, score, trees = table.row(at), scoring_of(ranker), _trees(ranker, method)
    how: How = "shap" if trees else "lime"
    fit = None
    if trees:
        found = trees.shapley(FeatureTable(row[None], table.names))
        parts, base = found.values[0], found.base
    else:
        local = near_row(score, row, known_rows(table, row), rng, LIME_ROWS)
        parts, base, fit = local.parts, local.base, local.fit
    told = zip(table.names, table.names, row.tolist(), parts.tolist(), strict=True)
    told_parts = largest_first(Part(*one) for one in told)
    mark = float(score(row[None])[0])
    return Reasons(f"row {at}", name_of(ranker), how, mark, base, told_parts, fit, (NOTES[how],))


def importance_of_features(ranker: Any, table: FeatureTable, method: str, rng: Rng) -> Importance:
    """What counts over a table: the mean size of SHAP values, or how far the score moves when a column is shuffled.

    ``method`` is auto, shap or permutation (Breiman, Random forests, 2001; of scores instead of errors, so that no
    labels are needed). Of a long table ``MOST_ROWS`` rows are drawn.

    Raises:
        BadInput: shap is asked of something without trees.
        MissingExtra: shap is not installed.
    """
    draws = generator(rng)
    table = table.as_read_by(ranker).some(MOST_ROWS, draws)
    trees = _trees(ranker, method)
    how: How = "shap" if trees else "permutation"
    sizes = (
        np.abs(trees.shapley(table).values).mean(axis=0) if trees else column_moves(scoring_of(ranker), table, draws)
    )
    weights = weights_of(dict(zip(table.names, sizes.tolist(), strict=True)))
    return Importance(name_of(ranker), how, len(table), {"feature": weights}, (OVERALL_NOTES[how],))


def _trees(ranker: Any, method: str) -> Trees | None:
    """What SHAP is asked of; None where it is not to be asked, or has nothing to read and need not."""
    if method not in {"auto", "shap"}:
        return None
    found = trees_of(ranker)
    if found is None and method == "shap":
        raise BadInput(f"method='shap' reads trees, and {name_of(ranker)} has none; use method='lime' or 'permutation'")
    return found


def column_moves(score: Scoring, table: FeatureTable, rng: np.random.Generator) -> Array:
    """How far the score moves when each column is shuffled, float64 (features,)."""
    usual, moves = score(table.values), np.zeros(len(table.names))
    for at in range(len(moves)):
        shuffled = table.values.copy()
        for _ in range(SHUFFLES):
            shuffled[:, at] = rng.permutation(table.values[:, at])
            moves[at] += np.abs(score(shuffled) - usual).mean() / SHUFFLES
    return moves


def known_rows(table: FeatureTable, row: Array) -> Array:
    """The rows in which everything is known."""
    known: Array = table.values[np.isfinite(table.values).all(axis=1)]
    if not np.isfinite(row).all() or len(known) < 2:
        raise BadInput(
            "a surrogate draws rows near this one, so this row and at least one other must have no unknown value; "
            "fill them in, or explain trees by method='shap'"
        )
    return known
