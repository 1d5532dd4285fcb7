"""Files of facts: what is known of items and users besides events."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.data.columns import FactsRecognition, recognise_facts
from slatewright.data.importing.canonical import fact_value, written_as_float
from slatewright.data.importing.fact_types import typed
from slatewright.data.importing.report import Progress, no_progress
from slatewright.data.importing.settings import FactsFiles
from slatewright.data.importing.spill import workplace
from slatewright.data.importing.times import read_times
from slatewright.data.importing.updates import as_updates
from slatewright.data.quarantine import Quarantine
from slatewright.data.reading import Source, expand, open_source
from slatewright.events.log import EventLog
from slatewright.events.schema import TIME
from slatewright.events.writer_lock import writer_lock

FROM_FILE = "file-"  # what the ids of these updates begin with, to tell them from facts that events told
ALWAYS = 0  # facts of no date were true from the start, as far as anybody knows

_KEYS = {"item_updates": "item_id", "user_updates": "user_id"}


@dataclass(frozen=True, slots=True)
class FactsReport:
    """Where every row of the facts files has gone: ``read == kept + merged + quarantined``.

    ``merged`` rows were followed by one of the same id and time, or say what the log knows already.
    """

    read: int
    kept: int
    merged: int
    quarantined: int
    quarantine: Path | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "quarantine": None if self.quarantine is None else str(self.quarantine)}


def import_facts(
    log: EventLog,
    sources: Sequence[str],
    table: Literal["item_updates", "user_updates"],
    *,
    quarantine: Path,
    now: int,
    settings: FactsFiles | None = None,
    progress: Progress | None = None,
) -> FactsReport:
    """Read files of facts, one row per item or user, and append what is new to the log.

    A row is dated by its column of times. Without one, the first facts of an id count as known from the start, and
    what a later import changes is dated ``now``. Importing the same file again adds nothing.

    Raises:
        BadInput: a file that cannot be used, with the fix.
        Busy: another import into this log is running.
        NotWritten: the disk refused; nothing was imported.
    """
    settings = settings or FactsFiles()
    progress = progress or no_progress
    found = expand(sources, query=settings.query)
    key = _KEYS[table]
    with ExitStack() as stack:
        stack.enter_context(writer_lock(log.root / "import.lock", wait=False))
        folder = stack.enter_context(workplace(log.root))
        aside = Quarantine(quarantine, [source.name for source in found], folder)
        stack.callback(aside.drop)
        rows = _read_all(found, key, settings.columns, progress)
        bad = rows["reason"].is_not_null()
        aside.add(rows.filter(bad))
        stack.enter_context(log.lock())
        good = rows.filter(~bad).drop("file", "row", "reason").unique([key, "time"], keep="last", maintain_order=True)
        fresh = _fresh(log, table, key, typed(good, key), now)
        partial = aside.seal()
        if fresh.height:
            log.append(table, fresh)
        path = aside.show(partial)
    return FactsReport(rows.height, fresh.height, rows.height - fresh.height - aside.rows, aside.rows, path)


def _read_all(sources: Sequence[Source], key: str, columns: Mapping[str, str], progress: Progress) -> Frame:
    frames = []
    for number, source in enumerate(sources):
        frames.append(_read(source, number, key, columns))
        progress(f"reading {source.name}", sum(frame.height for frame in frames), None)
    return pl.concat(frames, how="diagonal_relaxed")


def _read(source: Source, number: int, key: str, columns: Mapping[str, str]) -> Frame:
    """All rows of one source: the id, ``time`` (null where undated), the facts, ``file``, ``row`` and ``reason``."""
    opened = open_source(source)
    known = recognise_facts(opened.head, key, columns, name=source.name)
    used = list(dict.fromkeys([known.id, *([known.time] if known.time else []), *known.facts.values()]))
    given = pl.concat(list(opened.batches(used)), how="vertical_relaxed")
    facts = [fact_value(theirs, ours, given.schema[theirs]).alias(ours) for ours, theirs in known.facts.items()]
    rows = given.select(_id(given, known.id).alias(key), *facts, _time(given, known))
    lost = rows["time"].is_null() & (given[known.time].is_not_null() if known.time else pl.Series([False]))
    unnamed = rows[key].is_null() | (rows[key].str.strip_chars() == "")
    rows = rows.with_columns(
        file=pl.lit(number, dtype=pl.UInt32),
        row=pl.int_range(1, 1 + pl.len(), dtype=pl.UInt64),
        reason=pl.when(unnamed).then(pl.lit(f"no {key}")).when(lost).then(pl.lit("time is no time")),
    )
    if rows["reason"].is_not_null().all():
        raise BadInput(
            f"{source.name}: none of its {rows.height} rows can be used ({rows['reason'][0]}): check which column "
            f"holds the id, in slatewright.toml [{'items' if key == 'item_id' else 'users'}.columns] {key}"
        )
    return rows


def _id(given: Frame, column: str) -> pl.Expr:
    whole = written_as_float(given[column])
    if given.schema[column].is_float() and whole:
        return pl.col(column).cast(pl.Int64, strict=False).cast(pl.String)
    text = pl.col(column).cast(pl.String)
    return text.str.strip_suffix(".0") if whole else text


def _time(given: Frame, known: FactsRecognition) -> pl.Series:
    if known.time is None:
        return pl.Series("time", [None], dtype=TIME).new_from_index(0, given.height)
    return given.select(read_times(given, known.time).expression(given.schema)).to_series().alias("time")


def _fresh(log: EventLog, table: str, key: str, rows: Frame, now: int) -> Frame:
    """The updates that say something new, dated."""
    facts = [name for name in rows.columns if name not in (key, "time")]
    last = _last_said(log, table, key)
    told = rows.with_columns(said=pl.struct(facts).struct.json_encode()).join(
        last.rename({"facts": "known"}), on=key, how="left", maintain_order="left"
    )
    told = told.filter(pl.col("time").is_not_null() | pl.col("said").ne_missing(pl.col("known")))
    undated = pl.when(pl.col("known").is_null()).then(pl.lit(ALWAYS)).otherwise(pl.lit(now)).cast(pl.Int64)
    dated = told.with_columns(time=pl.coalesce("time", undated.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")))
    updates = as_updates(dated, key, facts).with_columns(event_id=FROM_FILE + pl.col("event_id"))
    return log.unlogged(table, updates)


def _last_said(log: EventLog, table: str, key: str) -> Frame:
    """The last facts that a file told of each id: ``key, facts``."""
    updates = log.scan(table).filter(pl.col("event_id").str.starts_with(FROM_FILE)).sort("time")
    return updates.group_by(key).agg(pl.col("facts").last()).collect()
