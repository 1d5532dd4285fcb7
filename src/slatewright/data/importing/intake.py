"""Reading the sources of one import into canonical rows, each in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.data.columns import recognise
from slatewright.data.importing.canonical import Shape, canonical
from slatewright.data.importing.report import Progress
from slatewright.data.importing.settings import EventFiles
from slatewright.data.importing.spill import Spill
from slatewright.data.quarantine import Quarantine
from slatewright.data.reading import Source, open_source

_COMPACT = 5_000_000  # item ids of several batches that are put together before they are that many


@dataclass
class Intake:
    """What was read: counts, the instants of the first and last row, and which item ids occur."""

    rows: Spill
    quarantine: Quarantine
    files: dict[str, int] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    undated: bool = False
    by_day: bool = False
    own_ids: bool = False
    _items: list[pl.Series] = field(default_factory=list)

    @property
    def read(self) -> int:
        return sum(self.files.values())

    def items(self) -> pl.Series:
        """Every item id that occurs, once, (n,) String."""
        return pl.concat(self._items).unique().drop_nulls()

    def take(self, source: Source, settings: EventFiles, progress: Progress) -> None:
        """Read one source to its end.

        Raises:
            BadInput: a missing column, an unreadable file, or not one usable row; the message names the fix.
        """
        opened = open_source(source)
        undated = settings.undated_instant()
        known = recognise(opened.head, settings.columns, name=source.name, undated=undated is not None)
        if not settings.facts:
            known = replace(known, item_facts={}, user_facts={})
        shape = Shape.of(opened.head, known, kinds=settings.kinds, default_kind=settings.default_kind, undated=undated)
        self.undated |= shape.time is None
        self.by_day |= shape.time is not None and shape.time.by_day
        self.own_ids |= "event_id" in known.columns
        read = usable = 0
        for batch in opened.batches(known.used()):
            rows = canonical(batch, shape, file=len(self.files), first_row=read + 1)
            read += batch.height
            usable += self._place(rows)
            progress(f"reading {source.name}", self.read + read, None)
        self.files[source.name] = read
        if not usable:
            raise BadInput(_nothing_usable(source.name, read, rows, known.columns))

    def _place(self, rows: Frame) -> int:
        """Put a batch where it belongs; returns how many rows can be used."""
        bad = rows["reason"].is_not_null()
        if bad.any():
            self.quarantine.add(rows.filter(bad))
            rows = rows.filter(~bad)
        rows = rows.drop("reason")
        self.rows.add(rows)
        times = rows["time"].to_physical()
        if (low := times.min()) is not None:
            self.first = min(int(low), self.first if self.first is not None else int(low))  # type: ignore[arg-type]
            self.last = max(int(times.max()), self.last if self.last is not None else int(low))  # type: ignore[arg-type]
        self._items.append(rows["item_id"].unique())
        if sum(map(len, self._items)) > _COMPACT:
            self._items = [pl.concat(self._items).unique()]
        return _usable(rows)


def _usable(rows: Frame) -> int:
    needed = [rows[name].is_not_null() for name in ("user_id", "item_id", "time")]
    return int((needed[0] & needed[1] & needed[2]).sum())


def _nothing_usable(name: str, read: int, rows: Frame, columns: Mapping[str, str]) -> str:
    """Why not one row of a file could be used, told from its last batch."""
    said: Sequence[str] = [str(reason) for reason in rows["reason"].drop_nulls().head(1)]
    empty = [
        f"no {ours} (column {columns[ours]})" for ours in ("user_id", "item_id", "time") if rows[ours].null_count()
    ]
    return (
        f"{name}: none of its {read} rows can be used ({'; '.join([*said, *empty]) or 'none has a reason'}): "
        f"check which columns hold the user, the item and the time, in slatewright.toml [events.columns]"
    )
