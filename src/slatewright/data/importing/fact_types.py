"""Types of facts that were text in their file: numbers are numbers, lists are lists, codes stay text."""

import polars as pl

from slatewright.core.arrays import Frame

_TEXTS = frozenset(("title", "category", "brand", "image"))
_NUMBER = r"^-?(0|[1-9]\d{0,14})(\.\d+)?$"  # with a leading zero it is a code, such as a postcode


def typed(rows: Frame, key: str) -> Frame:
    """The rows with every column of text read as what all its values are."""
    texts = [name for name, kind in rows.schema.items() if kind == pl.String and name != key]
    return rows.with_columns(_as_meant(rows[name]) for name in texts)


def _as_meant(values: pl.Series) -> pl.Series:
    known = values.drop_nulls()
    if known.is_empty():
        return values
    if known.str.starts_with("[").all():
        return _as_lists(values)
    if values.name not in _TEXTS and known.str.contains(_NUMBER).all():
        return values.cast(pl.Float64 if known.str.contains(".", literal=True).any() else pl.Int64)
    return values


def _as_lists(values: pl.Series) -> pl.Series:
    try:
        return values.str.json_decode(pl.List(pl.String))
    except pl.exceptions.PolarsError:
        return values  # it only looked like lists
