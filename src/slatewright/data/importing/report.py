"""What an import did, row by row accounted for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.cleaning import StepCount
from slatewright.data.cleaning.labels import LABEL_SCHEMA

Progress: TypeAlias = Callable[[str, int, int | None], None]  # what is being done, rows done, rows in all if known


def no_progress(doing: str, done: int, total: int | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class ImportReport:
    """Where every row that was read has gone: ``read == kept + merged + quarantined``.

    ``already_logged`` of the ``merged`` rows were in the log before. ``files`` counts the rows of each source,
    ``labels`` lists merged spellings (``label, merged_into, rows``), ``reasons`` counts the quarantined rows by reason,
    ``quarantine`` is the file they lie in. ``facts`` counts the updates of items and users that the events told.
    """

    read: int
    kept: int
    merged: int
    quarantined: int
    already_logged: int = 0
    steps: tuple[StepCount, ...] = ()
    files: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    quarantine: Path | None = None
    labels: Frame = field(default_factory=lambda: pl.DataFrame(schema=LABEL_SCHEMA))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        plain = {name: getattr(self, name) for name in ("read", "kept", "merged", "quarantined", "already_logged")}
        steps = [{"step": s.step, "outcome": s.outcome, "rows": s.rows, "detail": s.detail} for s in self.steps]
        return {
            **plain,
            "steps": steps,
            "files": dict(self.files),
            "reasons": dict(self.reasons),
            "facts": dict(self.facts),
            "notes": list(self.notes),
            "quarantine": None if self.quarantine is None else str(self.quarantine),
            "labels": self.labels.to_dicts(),
        }

    @classmethod
    def of_dict(cls, given: Mapping[str, Any]) -> "ImportReport":
        """The way back from ``as_dict``."""
        values = dict(given)
        values["steps"] = tuple(StepCount(**step) for step in given["steps"])
        values["notes"] = tuple(given["notes"])
        values["quarantine"] = None if given["quarantine"] is None else Path(given["quarantine"])
        values["labels"] = pl.DataFrame(given["labels"], schema=LABEL_SCHEMA)
        return cls(**values)
