"""Who is who among events: ids, and which events are there already."""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.cleaning import Cleaning
from slatewright.data.importing.fingerprint import fingerprints
from slatewright.data.importing.intake import Intake
from slatewright.data.importing.spill import Spill
from slatewright.events.log import EventLog

# what an event says; the order is part of every id in every log, so it never changes
CONTENT = (
    "user_id",
    "item_id",
    "kind",
    "time",
    "value",
    "price",
    "quantity",
    "session_id",
    "slate_id",
    "invoice",
)
_LOGGED = 2_000_000  # ids of the log that wait in memory


@dataclass
class Identity:
    """Gives every kept event its id, and leaves out those whose id is in the log or came before in this import.

    An event keeps the id that its file gives; otherwise its id is made of what it says, so the same row gets the same
    id in every import. Rows that say the same and are kept on purpose are told apart by their number.
    """

    number_repeats: bool
    own_ids: bool
    known: Spill | None
    repeated: int = 0
    logged: int = 0
    _earlier: list[pl.Series] = field(default_factory=list)

    @classmethod
    def of(cls, log: EventLog, intake: Intake, cleaning: Cleaning, folder: Path) -> "Identity":
        """Look up which events of the days of this import are in the log."""
        known = None
        if log.version("interactions") is not None and intake.first is not None and intake.last is not None:
            place = folder / "logged"
            place.mkdir()
            known = Spill(place, _LOGGED)
            ids = log.scan("interactions", since=intake.first, before=intake.last + 1).select("event_id", "user_id")
            for batch in ids.collect_batches(maintain_order=False):
                known.add(batch)
        return cls(not cleaning.exact_duplicates, intake.own_ids, known)

    def fresh(self, kept: Frame, buckets: list[int]) -> Frame:
        """The rows that are not in the log yet, with their ``event_id``; ``buckets`` are those that the rows fill."""
        rows = self._named(kept)
        if self.own_ids:
            whole = rows.height
            rows = self._without_earlier(rows.unique("event_id", keep="first", maintain_order=True))
            self.repeated += whole - rows.height
        if self.known is not None:
            known = self.known.read(buckets)
            if known.height:
                whole = rows.height
                rows = rows.join(known, on="event_id", how="anti", maintain_order="left")
                self.logged += whole - rows.height
        return rows

    def _without_earlier(self, rows: Frame) -> Frame:
        """Leave out ids that another user had in an earlier partition; told by 64 bits of them, to save memory."""
        hashes = rows["event_id"].hash()
        if self._earlier:
            rows = rows.filter(~hashes.is_in(pl.concat(self._earlier).implode()))
        self._earlier.append(hashes)
        return rows

    def _named(self, kept: Frame) -> Frame:
        made = fingerprints(kept, CONTENT)
        if self.number_repeats:
            made = _numbered(made)
        if self.own_ids:
            return kept.with_columns(pl.coalesce("event_id", made))
        return kept.with_columns(made)


def _numbered(ids: pl.Series) -> pl.Series:
    """Ids with the repeats told apart: the second of one kind gets another id, the same in every import."""
    rows = ids.to_frame().with_columns(number=pl.int_range(pl.len()).over("event_id"))
    others = rows.filter(pl.col("number") > 0)
    if others.is_empty():
        return ids
    return ids.scatter((rows["number"] > 0).arg_true(), fingerprints(others, ["event_id", "number"]))
