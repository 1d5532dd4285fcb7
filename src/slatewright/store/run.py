"""The record of a run: what was done, to which data, by which code, where, and what came of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from slatewright.core.clock import instant, iso
from slatewright.core.errors import BadInput

RECORD = "run.json"
WHAT = "slatewright run"
FORMAT = 1
INSTANTS = ("as_of", "ends")  # of the data: ISO-8601 in the record

Json: TypeAlias = Any  # None, bool, int, float, str, or lists and dicts with texts as keys of these


@dataclass(frozen=True, slots=True)
class DataRead:
    """What was read: the version of every table of the log (None: it had none yet), and what came of it.

    Nothing at or after ``as_of`` (µs UTC) was known in training. ``content`` is the sha256 of everything that training
    and judging saw, ``counts`` its users, items and events. ``ends``: where the log ended for this run (None: it did
    not).
    """

    tables: Mapping[str, int | None]
    as_of: int | None
    content: str
    counts: Mapping[str, int]
    ends: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation, comparison, tuning or training, with all that is needed to do it again.

    ``started`` is µs UTC. ``recipes`` are the sha256 of the recipe files by name; the shop's archive holds them.
    ``settings`` are the sections of the settings that decide a result. ``metrics`` are numbers, or intervals (``value,
    low, high``), nested by what was measured; ``headline`` the few that a list of runs shows. ``files`` lie beside the
    record.
    """

    kind: str
    started: int
    seconds: float
    arguments: Mapping[str, Json]
    data: DataRead
    recipes: Mapping[str, str]
    knobs: Mapping[str, Json]
    settings: Mapping[str, Json]
    code: Mapping[str, Json]
    environment: Mapping[str, Json]
    metrics: Mapping[str, Json]
    headline: Mapping[str, float | str] = field(default_factory=dict)
    seed: int | None = None
    files: tuple[str, ...] = ()
    id: str = ""

    def as_dict(self) -> dict[str, Json]:
        """Plain data, ready for JSON; instants as ISO-8601."""
        plain = asdict(self)
        for name in INSTANTS:
            moment = plain["data"][name]
            plain["data"][name] = None if moment is None else iso(moment)
        return {"what": WHAT, "format": FORMAT, **plain, "started": iso(self.started), "files": list(self.files)}

    def to_bytes(self) -> bytes:
        """The record as JSON; numbers read back as they were, to the last digit."""
        return orjson.dumps(self.as_dict(), option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY)


def read_run(folder: Path) -> Run:
    """The record in a run's folder.

    Raises:
        BadInput: it is not there, not whole, not ours, or from a newer Slatewright.
    """
    path = folder / RECORD
    try:
        raw = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}; remove {folder} to be rid of this run") from error
    if not isinstance(raw, dict) or raw.pop("what", None) != WHAT:
        raise BadInput(f"{path} is not the record of a {WHAT}; remove {folder} to be rid of it")
    if (number := raw.pop("format", None)) != FORMAT:
        raise BadInput(f"{path} has format {number!r}; this Slatewright reads format {FORMAT}")
    try:
        return _run(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path} is not a record of this format: {error}; remove {folder} to be rid of it") from error


def _run(raw: dict[str, Json]) -> Run:
    data = raw.pop("data")
    moments = {name: None if data[name] is None else instant(data[name]) for name in INSTANTS}
    read = DataRead(**(data | moments))
    return Run(data=read, started=instant(raw.pop("started")), files=tuple(raw.pop("files")), **raw)
