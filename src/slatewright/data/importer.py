"""The importer: events and facts from files into the log, every row accounted for."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.cleaning import Cleaned, Cleaning, StepCount, clean
from slatewright.data.cleaning.knobs import sum_steps
from slatewright.data.cleaning.labels import LABEL_SCHEMA
from slatewright.data.importing.canonical import ITEM_FACT, USER_FACT
from slatewright.data.importing.facts_files import FactsReport, import_facts
from slatewright.data.importing.identity import Identity
from slatewright.data.importing.intake import Intake
from slatewright.data.importing.known import bought_before, item_merges
from slatewright.data.importing.report import ImportReport, Progress, no_progress
from slatewright.data.importing.settings import EventFiles, FactsFiles
from slatewright.data.importing.shielding import unbroken
from slatewright.data.importing.spill import Spill, workplace
from slatewright.data.importing.updates import changes, last_of_day
from slatewright.data.quarantine import Quarantine
from slatewright.data.reading import expand
from slatewright.events.bulk import BulkAppend, bulk_append
from slatewright.events.log import EventLog
from slatewright.events.writer_lock import writer_lock

__all__ = ["EventFiles", "FactsFiles", "FactsReport", "ImportReport", "Progress", "import_events", "import_facts"]

_FACTS = (("item_updates", "item_id", ITEM_FACT), ("user_updates", "user_id", USER_FACT))


def import_events(
    log: EventLog,
    sources: Sequence[str],
    cleaning: Cleaning,
    *,
    quarantine: Path,
    now: int,
    settings: EventFiles | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Read, check, clean and append events; importing the same rows again adds nothing.

    The log changes in one commit at the very end: an import that fails or is stopped leaves it as it was. Columns of
    the files that tell facts of items (title, price, category) or users become updates with the time of the event.

    Args:
        log: where the events go.
        sources: files, globs, database URLs.
        cleaning: which cleaning steps run.
        quarantine: the folder for the rows that cannot be used.
        now: the instant of the import, µs; events after tomorrow are impossible.
        settings: how the files are read.
        progress: is told what is being done.

    Raises:
        BadInput: a file that cannot be used, with the fix; nothing was imported, from no file.
        Busy: another import into this log is running.
        NotWritten: the disk refused; nothing was imported.
    """
    settings = settings or EventFiles()
    progress = progress or no_progress
    found = expand(sources, query=settings.query)
    with ExitStack() as stack:
        stack.enter_context(writer_lock(log.root / "import.lock", wait=False))
        folder = stack.enter_context(workplace(log.root))
        aside = Quarantine(quarantine, [source.name for source in found], folder)
        stack.callback(aside.drop)
        intake = Intake(Spill(folder, settings.batch_events), aside)
        for source in found:
            intake.take(source, settings, progress)
        stack.enter_context(log.lock())
        run = _Run(log, intake, _fitting(cleaning, intake), now, Identity.of(log, intake, cleaning, folder))
        return run.finish(progress)


def _fitting(cleaning: Cleaning, intake: Intake) -> Cleaning:
    """The cleaning that the times allow: without a time of day nobody can tell a robot by its minute."""
    if intake.undated:
        return replace(cleaning, robots=False, near_seconds=0.0)
    if intake.by_day:
        return replace(cleaning, robot_events_per_minute=cleaning.robot_events_per_day)
    return cleaning


@dataclass
class _Run:
    """The second half of an import: from canonical rows, partition by partition, to one commit."""

    log: EventLog
    intake: Intake
    cleaning: Cleaning
    now: int
    identity: Identity
    kept: int = 0
    cleaned_rows: int = 0
    steps: list[tuple[StepCount, ...]] = field(default_factory=list)
    days: dict[str, list[Frame]] = field(default_factory=lambda: {table: [] for table, _, _ in _FACTS})

    def finish(self, progress: Progress) -> ImportReport:
        labels = self._labels()
        with ExitStack() as stack:
            tables = {name: stack.enter_context(bulk_append(self.log, name)) for name, _, _ in _FACTS}
            events = stack.enter_context(bulk_append(self.log, "interactions"))
            writer = stack.enter_context(ThreadPoolExecutor(1))  # one partition is written while the next is cleaned
            written: Future[None] | None = None
            for buckets in self.intake.rows.partitions():
                fresh = self._fresh(buckets, labels)
                if written is not None:
                    written.result()
                written = writer.submit(events.add, fresh)
                del fresh  # the writer has it; two partitions in memory are enough
                progress("cleaning and writing", self.cleaned_rows, self.intake.read)
            if written is not None:
                written.result()
            facts = self._add_facts(tables)
            partial = self.intake.quarantine.seal()
            for bulk in (*tables.values(), events):
                bulk.flush()
            with unbroken():
                for bulk in (*tables.values(), events):
                    bulk.commit()
                path = self.intake.quarantine.show(partial)
        return self._report(labels, facts, path)

    def _labels(self) -> Frame:
        if not self.cleaning.merge_labels:
            return pl.DataFrame(schema=LABEL_SCHEMA)
        return item_merges(self.log, self.intake.items(), self.intake.rows)

    def _fresh(self, buckets: list[int], labels: Frame) -> Frame:
        """The rows of a partition that are new to the log."""
        rows = self.intake.rows.read(buckets)
        if rows.is_empty():
            return rows
        bought = bought_before(self.log, rows, self.cleaning, labels)
        self.cleaned_rows += rows.height
        cleaned: Cleaned = clean(rows, self.cleaning, now=self.now, merges=labels, bought=bought)
        del rows
        self.intake.quarantine.add(cleaned.quarantined)
        self.steps.append(cleaned.steps)
        for table, key, prefix in _FACTS:
            told = last_of_day(cleaned.kept, key, prefix)
            self.days[table] += [] if told is None else [told]
        fresh = self.identity.fresh(cleaned.kept, buckets)
        self.kept += fresh.height
        return fresh

    def _add_facts(self, tables: Mapping[str, BulkAppend]) -> dict[str, int]:
        for table, key, _ in _FACTS:
            if self.days[table]:
                tables[table].add(self.log.unlogged(table, changes(self.days[table], key)))
        return {table: bulk.rows for table, bulk in tables.items()}

    def _report(self, labels: Frame, facts: Mapping[str, int], path: Path | None) -> ImportReport:
        aside = self.intake.quarantine
        repeated = StepCount("same event_id", "merged", self.identity.repeated)
        logged = StepCount("already in the log", "merged", self.identity.logged)
        return ImportReport(
            read=self.intake.read,
            kept=self.kept,
            merged=self.intake.read - self.kept - aside.rows,
            quarantined=aside.rows,
            already_logged=self.identity.logged,
            steps=(*sum_steps(self.steps), repeated, logged),
            files=dict(self.intake.files),
            reasons=dict(aside.reasons),
            facts=facts,
            notes=_notes(self.intake),
            quarantine=path,
            labels=labels,
        )


def _notes(intake: Intake) -> tuple[str, ...]:
    if intake.undated:
        return ("no column tells when: all events have one date, so robots and near duplicates were not looked for",)
    if intake.by_day:
        return ("times are whole days, so robots were judged by the day only",)
    return ()
