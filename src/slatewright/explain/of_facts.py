"""Reasons of a network over a table of facts: what each fact adds to the log-odds of a row."""

import numpy as np

from slatewright.core.arrays import Array, Frame
from slatewright.core.errors import BadInput
from slatewright.core.randomness import Rng, generator
from slatewright.explain.feature_table import FeatureTable
from slatewright.explain.of_rows import LIME_ROWS, OVERALL_NOTES, column_moves, known_rows
from slatewright.explain.reasons import How, Importance, Part, Reasons, largest_first, weights_of
from slatewright.explain.surrogate import near_row
from slatewright.explain.trees import shap_for
from slatewright.models.neural.facts.labelled import LabelledFacts

MOST_ROWS, SHAP_ROWS = 2_000, 50  # of a table that are looked at for what counts over all
BACKGROUND, ORDERS = 50, 10  # rows that stand for "not told", and orders in which facts are told, there and back
NOTES = {
    "shap": "Parts are SHAP values of the log-odds, by telling the facts in {orders} orders, there and back, to {rows} "
    "rows of the table; base is the mean of these rows.",
    "lime": "Parts are those of a linear surrogate of the log-odds, fitted to rows drawn around this one. Base is the "
    "mean row.",
}


def reasons_of_facts(model: LabelledFacts, facts: Frame, at: int, method: str, rng: Rng) -> Reasons:
    """Why a row of facts gets its log-odds; ``method`` is auto, shap or lime.

    SHAP values are sampled: Štrumbelj, Kononenko: Explaining prediction models and individual predictions with feature
    contributions (KAIS 2014).

    Raises:
        BadInput: no such row; a surrogate of unknown numbers.
        MissingExtra: shap or lime is not installed.
    """
    table = _table(model, facts)
    row, fit = table.row(at), None
    if method == "lime":
        codes = list(range(model.reader.n_categories))
        local = near_row(model.marks_of_codes, row, known_rows(table, row), rng, LIME_ROWS, codes=codes)
        base, parts, fit = local.base, local.parts, local.fit
    else:
        values, base = _shapley(model, table, row[None], rng)
        parts = values[0]
    words = [model.reader.told(field, code) for field, code in enumerate(row)]
    told = largest_first(
        Part(name, title, value, part)
        for name, title, value, part in zip(table.names, words, row.tolist(), parts.tolist(), strict=True)
    )
    mark = float(model.marks_of_codes(row[None])[0])
    how: How = "lime" if method == "lime" else "shap"
    note = NOTES[how].format(orders=ORDERS, rows=min(BACKGROUND, len(table)))
    return Reasons(f"row {at}", type(model).__name__, how, mark, base, told, fit, (note,))


def importance_of_facts(model: LabelledFacts, facts: Frame, method: str, rng: Rng) -> Importance:
    """What counts over a table: how far the log-odds move when a fact is shuffled, or the mean size of SHAP values.

    ``method`` is auto (permutation), permutation or shap.
    """
    draws = generator(rng)
    how: How = "shap" if method == "shap" else "permutation"
    whole = _table(model, facts)
    table = whole.some(SHAP_ROWS if how == "shap" else MOST_ROWS, draws)
    if how == "shap":
        sizes = np.abs(_shapley(model, whole, table.values, draws)[0]).mean(axis=0)
    else:
        sizes = column_moves(model.marks_of_codes, table, draws)
    weights = weights_of(dict(zip(table.names, sizes.tolist(), strict=True)))
    return Importance(type(model).__name__, how, len(table), {"feature": weights}, (OVERALL_NOTES[how],))


def _table(model: LabelledFacts, facts: Frame) -> FeatureTable:
    if not facts.height:
        raise BadInput("a table of facts must have rows, got none")
    return FeatureTable(model.reader.codes(facts), model.reader.names)


def _shapley(model: LabelledFacts, table: FeatureTable, rows: Array, rng: Rng) -> tuple[Array, float]:
    """SHAP values of rows float64 (n, fields), and the mean of the background."""
    shap = shap_for("SHAP values of a network")
    draws = generator(rng)
    background = table.some(BACKGROUND, draws).values
    explainer = shap.explainers.Permutation(
        model.marks_of_codes,
        shap.maskers.Independent(background, max_samples=BACKGROUND),
        seed=int(draws.integers(2**31)),
    )
    evaluations = ORDERS * (2 * rows.shape[1] + 1)
    found = explainer(rows, max_evals=evaluations, silent=True)
    return np.asarray(found.values, dtype=np.float64), float(np.ravel(found.base_values)[0])
