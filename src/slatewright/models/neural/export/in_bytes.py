"""Numbers in one byte each: whole parts of the largest of their row or of their column."""

from typing import Any, TypeAlias

import numpy as np

from slatewright.core.arrays import Array, Scores

LARGEST = 127  # of a number in one byte
LEAST_KEPT = 256  # smaller arrays stay as they are
Bytes: TypeAlias = np.ndarray[Any, np.dtype[np.int8]]


def is_kept(array: Array) -> bool:
    """Whether an array is put into bytes: matrices and tables, not what is added once."""
    return array.dtype == np.float32 and array.ndim > 1 and array.size >= LEAST_KEPT and min(array.shape) > 1


def in_bytes(array: Scores) -> tuple[Bytes, Scores]:
    """Bytes and scales, float32, whose product is near the array; of all axes along which numbers may share a scale the
    one that loses least, by the sum of squares. The scales have length 1 there."""
    return min((_along(array, axis) for axis in range(array.ndim)), key=lambda made: _lost(array, *made))


def _along(array: Scores, axis: int) -> tuple[Bytes, Scores]:
    largest = np.abs(array).max(axis=axis, keepdims=True)
    scale = np.maximum(largest / np.float32(LARGEST), np.finfo(np.float32).tiny)
    return np.rint(array / scale).astype(np.int8), scale


def _lost(array: Scores, kept: Bytes, scale: Scores) -> float:
    return float(np.square(kept * scale - array).sum(dtype=np.float64))
