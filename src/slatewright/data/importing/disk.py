"""Files of an import in the making."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from slatewright.core.errors import NotWritten


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Say what a refused write means for the person who imports.

    Raises:
        NotWritten: the disk is full or read-only.
    """
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        said = " ".join(str(error).split())
        raise NotWritten(f"{place} cannot be written; nothing was added to the log: {said}") from error
