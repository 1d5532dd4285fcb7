"""Facts of a user that were told after training take the place of what the bundle knows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import instant
from slatewright.core.errors import BadInput
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.fact_columns import texts_in

Facts: TypeAlias = Mapping[str, object]


def with_told(query: Query, told: Facts, requested: Mapping[str, str]) -> Query:
    """The query of a user of whom facts were told; what the request itself tells (``requested``) goes before them.

    A fact that the bundle does not have changes nothing but what a newcomer is asked by.
    """
    told = {name: value for name, value in told.items() if name not in requested}
    if not told:
        return query
    history, facts = query.history, query.facts
    words = {name: word(value) for name, value in told.items()}
    if history.facts is not None:
        history = replace(history, facts=_over(history.facts, told))
        row = history.facts.row(0, named=True) if history.facts is not None and history.facts.height else {}
        words |= {name: word(row[name]) for name in words if row.get(name) is not None}
    if query.is_newcomer:  # whose groups are asked what they like, by these words
        facts = {**facts, **words}
    return replace(query, history=history, facts=facts, told=told, scored={}, vectors={})


def _over(facts: Frame, told: Facts) -> Frame:
    """One row of facts with those that were told in their place; what does not fit its type is left as it was."""
    read = {name: _as(value, facts.schema[name]) for name, value in told.items() if name in facts.columns}
    return facts.with_columns(pl.lit(one).alias(name) for name, one in read.items() if one is not None)


def _as(value: Any, dtype: pl.DataType) -> pl.Series | None:
    """One value as a column of a type has it; None where it cannot be."""
    if isinstance(dtype, pl.List):
        given: Any = [list(texts_in(value))]
    elif dtype == pl.String:
        given = [word(value)]
    elif isinstance(dtype, pl.Date | pl.Datetime):
        return _time(value, dtype)
    else:
        given = [value]
    try:
        return pl.Series(given).cast(dtype)
    except (pl.exceptions.PolarsError, TypeError):
        return None


def _time(value: Any, dtype: pl.DataType) -> pl.Series | None:
    try:
        found = pl.Series([instant(str(value))]).cast(pl.Datetime("us"))
    except BadInput:
        return None
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        found = found.dt.replace_time_zone("UTC").dt.convert_time_zone(dtype.time_zone)
    return found.cast(dtype)


def word(value: object) -> str:
    """A fact as a request would tell it; several texts as a list is written."""
    if isinstance(value, list | tuple):
        return "|".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
