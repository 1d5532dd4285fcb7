"""The content of a data set as one sum: equal data gives the equal sum, however it lies on the disk."""

import hashlib
from collections.abc import Iterable
from typing import Protocol

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame
from slatewright.data.dataset import Dataset
from slatewright.data.splits import Cases, Fold

_ROWS = 1 << 20  # rows of text that are laid out at a time


class _Sum(Protocol):
    def update(self, content: bytes | memoryview, /) -> None: ...


def content_sum(data: Dataset | Fold) -> str:
    """The sha256, in hex, of everything that a model could learn from or be judged by.

    Neither the layout of the files nor the versions of our libraries matter, only ids, events, weights and facts; and
    of a fold the cases too.
    """
    total = hashlib.sha256()
    train, test = (data.train, data.test) if isinstance(data, Fold) else (data, None)
    _add_dataset(total, train)
    if test is not None:
        _add_cases(total, test)
    return total.hexdigest()


def _add_dataset(total: _Sum, dataset: Dataset) -> None:
    table = dataset.interactions
    _add_series(total, dataset.users.names)
    _add_series(total, dataset.items.names)
    _add_arrays(total, (table.user, table.item, table.kind, table.value, table.weight, table.time))
    _add_series(total, pl.Series(list(table.kinds), dtype=pl.String))
    _add_frame(total, dataset.item_facts)
    _add_frame(total, dataset.user_facts)
    total.update(f"as_of {dataset.as_of}".encode())


def _add_cases(total: _Sum, cases: Cases) -> None:
    known = cases.histories
    _add_series(total, cases.users)
    _add_arrays(total, (cases.now, cases.offsets, cases.relevant, cases.values, cases.unknown, cases.trained))
    _add_arrays(total, (known.offsets, known.items, known.weights, known.times))


def _add_arrays(total: _Sum, arrays: Iterable[Array]) -> None:
    for array in arrays:
        total.update(f"{array.dtype.str}{array.shape}".encode())
        total.update(np.ascontiguousarray(array).view(np.uint8).data if array.size else b"")


def _add_frame(total: _Sum, frame: Frame) -> None:
    """Facts, column by column in order of name: the order of columns says nothing."""
    for name in sorted(frame.columns):
        total.update(f"column {name} ".encode())
        _add_series(total, frame[name])


def _add_series(total: _Sum, series: pl.Series) -> None:
    """One column: where it is null, and what it holds elsewhere."""
    total.update(f"{len(series)} ".encode())
    _add_arrays(total, [np.packbits(series.is_null().to_numpy())])
    kind = series.dtype
    if isinstance(kind, pl.Struct):
        _add_frame(total, series.struct.unnest())
    elif isinstance(kind, pl.List | pl.Array):
        values = series.cast(pl.List(kind.inner)).fill_null(pl.lit([], dtype=pl.List(kind.inner)))
        _add_arrays(total, [values.list.len().to_numpy()])
        _add_series(total, values.filter(values.list.len() > 0).explode())
    elif kind.is_numeric() and not kind.is_decimal():
        _add_arrays(total, [series.fill_null(0).to_numpy()])
    elif kind == pl.Boolean or kind.is_temporal():
        _add_arrays(total, [series.cast(pl.Int64).fill_null(0).to_numpy()])
    else:
        for start in range(0, len(series), _ROWS):
            _add_texts(total, series.slice(start, _ROWS).cast(pl.String).fill_null(""))


def _add_texts(total: _Sum, texts: pl.Series) -> None:
    _add_arrays(total, [texts.str.len_bytes().to_numpy()])
    total.update(str(texts.str.join("").item() or "").encode())
