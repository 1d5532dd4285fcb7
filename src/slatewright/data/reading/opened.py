"""A source that was opened: its columns, its first rows, and all rows as a stream of batches."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.data.reading.source import Source

HEAD = 10_000  # rows that are looked at to recognise columns
BATCH = 500_000  # rows of one batch, about


@dataclass(frozen=True, slots=True)
class Opened:
    """``head`` is a frame of the first rows; ``batches(columns)`` yields all rows in order, those columns only.

    The columns have the types of the source where it has types (Parquet, databases), and are text where it has none
    (CSV, JSON Lines): an id such as ``00123`` stays what it is.
    """

    source: Source
    head: Frame
    batches: Callable[[Sequence[str]], Iterator[Frame]]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.head.columns)


def check_columns(name: str, columns: Sequence[str]) -> None:
    """Refuse two columns of one name: nobody can say which is meant.

    Raises:
        BadInput: naming the columns that occur twice.
    """
    twice = sorted({column for column in columns if list(columns).count(column) > 1})
    if twice:
        raise BadInput(f"{name} has more than one column named {', '.join(map(repr, twice))}: rename or remove one")
