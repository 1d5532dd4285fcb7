"""Many names as two arrays that can be memory-mapped: their UTF-8 bytes end to end, and where each begins."""

from itertools import pairwise

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Offsets


def packed(names: pl.Series) -> tuple[Array, Offsets]:
    """Bytes uint8 and offsets int64 (n + 1,)."""
    offsets = np.zeros(len(names) + 1, dtype=np.int64)
    np.cumsum(names.str.len_bytes().to_numpy(), out=offsets[1:])
    return np.frombuffer("".join(names).encode(), dtype=np.uint8), offsets


def unpacked(text: Array, offsets: Offsets) -> pl.Series:
    """The names again, (n,) String."""
    whole = np.asarray(text).tobytes()
    ends = offsets.tolist()
    return pl.Series("id", [whole[a:b].decode() for a, b in pairwise(ends)], dtype=pl.String)
