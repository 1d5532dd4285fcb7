"""What the settings say of event files, besides their columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from slatewright.core.clock import instant
from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob, check_knobs


@dataclass(frozen=True, slots=True)
class EventFiles:
    """How event files are read; the section ``[events]`` of ``slatewright.toml``."""

    query: Annotated[str, Knob("the SQL query, where a file is the URL of a database")] = ""
    default_kind: Annotated[str, Knob("the kind of all events where no column tells it; empty: guessed")] = ""
    undated: Annotated[str, Knob("the date of all events where no column tells their time; empty: refused")] = ""
    facts: Annotated[bool, Knob("let columns with titles, prices, categories become facts of the items")] = True
    batch_events: Annotated[int, Knob("events that are cleaned at one time; more need more memory", least=1_000)] = (
        2_000_000
    )
    columns: Mapping[str, str] = field(default_factory=dict)  # ours -> theirs, where it is not to be guessed
    kinds: Mapping[str, str] = field(default_factory=dict)  # the file's word -> our kind

    def __post_init__(self) -> None:
        check_knobs(self)
        _check_texts("EventFiles.columns", self.columns)
        _check_texts("EventFiles.kinds", self.kinds)
        self.undated_instant()

    def undated_instant(self) -> int | None:
        """The instant of events without a time, µs UTC, or None."""
        return instant(self.undated) if self.undated else None


@dataclass(frozen=True, slots=True)
class FactsFiles:
    """How files of facts are read; the sections ``[items]`` and ``[users]`` of ``slatewright.toml``."""

    query: Annotated[str, Knob("the SQL query, where a file is the URL of a database")] = ""
    columns: Mapping[str, str] = field(default_factory=dict)  # ours -> theirs, where it is not to be guessed

    def __post_init__(self) -> None:
        check_knobs(self)
        _check_texts("FactsFiles.columns", self.columns)


def _check_texts(name: str, given: object) -> None:
    if not isinstance(given, Mapping) or not all(isinstance(value, str) for value in given.values()):
        raise BadKnob(f'{name} must be lines like our_name = "their name", got {given!r}')
