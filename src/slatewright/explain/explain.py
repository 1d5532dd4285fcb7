"""One call for every model: why this score, or what counts over all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, TypeAlias, overload

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame
from slatewright.core.errors import BadInput, NotThere
from slatewright.core.randomness import Rng
from slatewright.data.histories import Histories
from slatewright.explain.counting import importance_of_histories
from slatewright.explain.feature_table import FeatureTable
from slatewright.explain.of_facts import importance_of_facts, reasons_of_facts
from slatewright.explain.of_histories import check_exact, reasons_of_score
from slatewright.explain.of_rows import importance_of_features, reasons_of_row
from slatewright.explain.of_slates import importance_of_models
from slatewright.explain.reasons import Importance, Reasons
from slatewright.models.model import Model
from slatewright.models.neural.facts.labelled import LabelledFacts
from slatewright.models.recommending import histories_of
from slatewright.pipeline.pipeline import Pipeline

Method: TypeAlias = Literal["auto", "exact", "shap", "lime", "permutation"]
Data: TypeAlias = "Frame | Array | FeatureTable | Histories | Sequence[str] | None"

# What can be asked: of a model of this house, one score and over all; of a ranker on a table, one row and over all.
ONE_SCORE, ALL_LISTS = ("auto", "exact", "lime"), ("auto", "exact")
ONE_ROW, ALL_ROWS = ("auto", "shap", "lime"), ("auto", "shap", "permutation")


@overload
def explain(
    model: Any, data: Data = None, *, user: str | Histories, item: str, method: Method = "auto", rng: Rng = 0
) -> Reasons: ...


@overload
def explain(model: Any, data: Data, *, row: int, method: Method = "auto", rng: Rng = 0) -> Reasons: ...


@overload
def explain(model: Any, data: Data = None, *, method: Method = "auto", rng: Rng = 0) -> Importance: ...


def explain(
    model: Any,
    data: Data = None,
    *,
    user: str | Histories | None = None,
    item: str | None = None,
    row: int | None = None,
    method: Method = "auto",
    rng: Rng = 0,
) -> Reasons | Importance:
    """Why a model gives something its score, or, without naming anything, what counts over all.

    | asked | answer |
    |---|---|
    | ``explain(model, user=, item=)`` | ``Reasons``: what each item of the history adds to the score |
    | ``explain(model)``, ``explain(model, user_ids)`` | ``Importance`` of items, kinds and ages of events, over lists |
    | ``explain(pipeline)`` | ``Importance`` of its models, over slates |
    | ``explain(ranker, table, row=)`` | ``Reasons``: what each feature adds to the score of a row |
    | ``explain(ranker, table)`` | ``Importance`` of features over the table |
    | ``explain(labelled, facts, row=)``, ``explain(labelled, facts)`` | the same of a network that learned a table |

    ``model`` is one of ours, fitted; ``ranker`` is a fitted ranker or classifier of LightGBM, XGBoost or scikit-learn,
    or any function from a matrix to scores; ``table`` a polars frame, a matrix, or a ``FeatureTable``. ``user`` may be
    a history (``Histories`` of one).

    ``method``: ``exact``, the terms of the model's own sum (linear, neighbour and factor models); ``shap``, SHAP values
    of trees and of networks over facts; ``lime``, a linear surrogate near the case, for anything; ``permutation``, how
    far scores move when a feature is shuffled; ``auto`` takes the first that fits. ``rng`` is what surrogates and
    shuffles draw from.

    Raises:
        BadInput: a method that does not fit the model; a table that is not the one that the ranker reads.
        NotThere: the model knows no such item or user.
        MissingExtra: shap or lime is not installed.
    """
    if isinstance(model, Pipeline):
        if user is not None or item is not None or row is not None:
            raise BadInput(
                "of a pipeline it is asked which models count: explain(pipeline); of an item in a slate ask why"
            )
        _check(method, ALL_LISTS, "which models count")
        return importance_of_models(model, model.world.known.histories, rng)
    if isinstance(model, Model):
        return _of_model(model, data, user, item, row, method, rng)
    if user is not None or item is not None:
        raise BadInput(f"user and item are asked of models of this house; of {type(model).__name__} ask a table's row")
    if isinstance(model, LabelledFacts):
        return _of_facts(model, data, row, method, rng)
    if data is None or isinstance(data, Histories):
        raise BadInput("a ranker is explained on the features that it reads: explain(ranker, table) or with row=")
    table = FeatureTable.of(data)  # type: ignore[arg-type]
    if row is None:
        _check(method, ALL_ROWS, "what counts over all rows of a table")
        return importance_of_features(model, table, method, rng)
    _check(method, ONE_ROW, "a row of a table")
    return reasons_of_row(model, table, row, method, rng)


def _of_facts(model: LabelledFacts, data: Data, row: int | None, method: str, rng: Rng) -> Reasons | Importance:
    if not isinstance(data, pl.DataFrame):
        raise BadInput(f"a network over facts is explained on a polars frame of facts, got {type(data).__name__}")
    _check(method, ALL_ROWS if row is None else ONE_ROW, "a table of facts" if row is None else "a row of facts")
    return (
        importance_of_facts(model, data, method, rng)
        if row is None
        else reasons_of_facts(model, data, row, method, rng)
    )


def _of_model(
    model: Model, data: Data, user: str | Histories | None, item: str | None, row: int | None, method: str, rng: Rng
) -> Reasons | Importance:
    if row is not None:
        raise BadInput("row= is asked of a ranker on a table; of a model of this house ask user= and item=")
    if user is None and item is None:
        check_overall(model, method)
        return importance_of_histories(model, _histories(model, data), rng)
    if user is None or item is None:
        raise BadInput(f"a score is of a user and an item: {'user' if user is None else 'item'}= is missing")
    _check(method, ONE_SCORE, "a score of a model of this house")
    index = model.known.items.find(item)
    if index is None:
        raise NotThere(f"the model knows no item {item!r}; ids are exact, upper and lower case differ")
    history = histories_of([user], model.known.users, model.known.histories) if isinstance(user, str) else user
    if not isinstance(history, Histories) or len(history) != 1:
        got = f"{len(history)} histories" if isinstance(history, Histories) else type(history).__name__
        raise BadInput(f"user must be a user id or exactly one history, got {got}")
    found = reasons_of_score(model, history, index, method, rng)
    return replace(found, subject=f"{item} for {user if isinstance(user, str) else 'a history'}")


def check_overall(model: Model, method: str) -> None:
    """Let pass a method by which it can be said what counts over all lists of a model.

    Raises:
        BadInput: another method, or ``exact`` for a model whose scores are no sums.
    """
    _check(method, ALL_LISTS, "what counts over all lists of a model")
    check_exact(model, method)


def _histories(model: Model, data: Data) -> Histories:
    """The histories to look at: all that the model knows, those given, or those of the users named."""
    if data is None:
        return model.known.histories
    if isinstance(data, Histories):
        return data
    if isinstance(data, str | FeatureTable | pl.DataFrame | np.ndarray):
        raise BadInput(f"a model of this house is explained on user ids or histories, got {type(data).__name__}")
    return histories_of(data, model.known.users, model.known.histories)


def _check(method: str, fitting: tuple[str, ...], of: str) -> None:
    if method not in fitting:
        raise BadInput(f"method must be one of {', '.join(fitting)} for {of}, got {method!r}")
