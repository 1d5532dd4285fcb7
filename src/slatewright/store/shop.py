"""The shop's folder: where the log, the bundles, the reports and the settings of one shop lie."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from slatewright.core.errors import BadInput, NotThere
from slatewright.core.knobs import Knobs, from_mapping
from slatewright.data.weighing import Weighing, weighing_of
from slatewright.events.log import EventLog
from slatewright.store.ledger import Ledger

SETTINGS = "slatewright.toml"
RECIPE = "recipe.py"

T = TypeVar("T", bound=Knobs)


@dataclass(frozen=True)
class Shop:
    """One shop: a folder and what its ``slatewright.toml`` says of the world.

    ``reading`` is its log at fixed versions, where the shop is only read (see ``pinned``).
    """

    root: Path
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    reading: EventLog | None = None

    @classmethod
    def open(cls, root: Path | str) -> "Shop":
        """Open a shop's folder.

        Raises:
            NotThere: there is no ``slatewright.toml`` in it.
            BadInput: the file is not valid TOML.
        """
        folder = Path(root)
        path = folder / SETTINGS
        if not path.is_file():
            raise NotThere(
                f"{folder} is not a shop: it has no {SETTINGS}. Make one with: slatewright init {folder} --events FILE"
            )
        try:
            return cls(folder, tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadInput(f"{path} is not valid TOML: {error}") from error

    @property
    def name(self) -> str:
        """What the shop is called before people: as the settings say, or as its folder."""
        return str(self.section("shop").get("name", self.root.resolve().name))

    def section(self, name: str) -> Mapping[str, object]:
        """One section of the settings; empty where the file says nothing."""
        return self.settings.get(name, {})

    def knobs(self, name: str, owner: type[T]) -> T:
        """One section as a checked dataclass of knobs."""
        return from_mapping(owner, self.section(name), where=f"{SETTINGS} [{name}]")

    def weighing(self) -> Weighing:
        """What an event weighs: sections ``[weights]`` and ``[ratings]``.

        Raises:
            BadInput: a weight is not a finite number.
        """
        return weighing_of(self.section("weights"), self.section("ratings"), where=SETTINGS)

    def pinned(self) -> "Shop":
        """The same shop with a log that stays as it is now: all that one run reads is of one version."""
        return self if self.reading is not None else replace(self, reading=self.log.pinned())

    @property
    def log(self) -> EventLog:
        return self.reading or EventLog(self.root / "log")

    @property
    def journal(self) -> Path:
        """Where the server writes events before it acknowledges them."""
        return self.root / "log" / "journal.sqlite"

    @property
    def bundles(self) -> Path:
        return self.root / "bundles"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def recipe(self) -> Path:
        return self.root / RECIPE

    @property
    def recipes(self) -> Path:
        """Every recipe that a bundle was built with or a run was made with, by content hash."""
        return self.root / "recipes"

    @property
    def runs(self) -> Path:
        """The record of every evaluation, comparison, tuning and training."""
        return self.root / "runs"

    @property
    def counts(self) -> Path:
        """What servers have counted since their bundle was made; the log has all of it, so it may be removed."""
        return self.root / "counts"

    @property
    def keys(self) -> Path:
        """The keys of the server: sums and rights."""
        return self.root / "keys.json"

    @property
    def ledger(self) -> Ledger:
        """Who did what to the shop as its administrator."""
        return Ledger(self.root / "ledger")

    @property
    def batches(self) -> Path:
        """What `slatewright batch` has begun and not finished."""
        return self.root / "batches"
