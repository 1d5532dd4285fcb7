"""Names for the arrays and tables that travel between rooms."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

Array: TypeAlias = npt.NDArray[Any]
Index: TypeAlias = npt.NDArray[np.int32]  # positions in an IdMap
Offsets: TypeAlias = npt.NDArray[np.int64]  # CSR row pointers, n + 1 of them
Scores: TypeAlias = npt.NDArray[np.float32]
Weights: TypeAlias = npt.NDArray[np.float32]
Times: TypeAlias = npt.NDArray[np.int64]  # microseconds since 1970-01-01, UTC
Mask: TypeAlias = npt.NDArray[np.bool_]
Frame: TypeAlias = pl.DataFrame
Arrays: TypeAlias = Mapping[str, Array]
