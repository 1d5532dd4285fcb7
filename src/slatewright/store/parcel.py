"""A parcel: plain values and arrays in one run of bytes, and back. No pickle: what comes out is numbers and JSON.

4 bytes   length of the head, little-endian
head      JSON: {"values": ..., "arrays": [[name, dtype, shape], ...]}
body      the arrays end to end, C order
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from slatewright.core.arrays import Array, Arrays
from slatewright.core.errors import BadInput

_KINDS = "biuf"  # booleans and numbers


def to_parcel(values: Mapping[str, Any], arrays: Arrays) -> bytes:
    """The bytes of values that JSON knows and arrays of numbers, in any shape.

    Raises:
        BadInput: an array holds something other than numbers.
    """
    laid = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    if wrong := [name for name, array in laid.items() if array.dtype.kind not in _KINDS]:
        raise BadInput(f"a parcel holds arrays of numbers only, got others in {', '.join(wrong)}")
    about = [[name, array.dtype.str, array.shape] for name, array in laid.items()]
    head = orjson.dumps({"values": values, "arrays": about})
    return b"".join((len(head).to_bytes(4, "little"), head, *(array.tobytes() for array in laid.values())))


def from_parcel(parcel: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """The values and the arrays (read-only) of a parcel.

    Raises:
        BadInput: the bytes are no parcel, or cut short.
    """
    try:
        start = 4 + int.from_bytes(parcel[:4], "little")
        head = orjson.loads(parcel[4:start])
        arrays: dict[str, Array] = {}
        for name, dtype, shape in head["arrays"]:
            kind, count = _numeric(dtype), int(np.prod(shape, dtype=np.int64))
            arrays[name] = np.frombuffer(parcel, kind, count, start).reshape(shape)
            start += count * kind.itemsize
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(f"these {len(parcel)} bytes are no parcel: {error}") from error
    if start != len(parcel):
        raise BadInput(f"a parcel of {start} bytes has {len(parcel)}")
    return dict(head["values"]), arrays


def _numeric(name: str) -> np.dtype[Any]:
    kind = np.dtype(name)
    if kind.kind not in _KINDS:
        raise ValueError(f"an array must hold numbers, got {name}")
    return kind
