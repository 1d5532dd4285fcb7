"""Importing what the settings of a shop name: events, items, users."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slatewright.core.errors import BadInput
from slatewright.core.knobs import from_mapping
from slatewright.data.cleaning import Cleaning
from slatewright.data.importer import EventFiles, FactsReport, ImportReport, Progress, import_events, import_facts
from slatewright.store.files import replace_text
from slatewright.store.shop import SETTINGS, Shop

LAST_IMPORT = "import.json"  # in the folder of reports: what the last import that brought something did

_APART = ("files", "columns")  # what a section holds besides knobs


@dataclass(frozen=True, slots=True)
class ShopImport:
    """What one import brought: events, and facts where the settings name files of them."""

    events: ImportReport
    items: FactsReport | None = None
    users: FactsReport | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "events": self.events.as_dict(),
            "items": None if self.items is None else self.items.as_dict(),
            "users": None if self.users is None else self.users.as_dict(),
        }


def import_shop(shop: Shop, *, now: int, progress: Progress | None = None) -> ShopImport:
    """Import the files and queries that ``slatewright.toml`` names; doing it again adds only what is new.

    Raises:
        BadInput: a file that cannot be used, or settings that name none, with the fix.
        Busy: another import into this shop is running.
        NotWritten: the disk refused; the log is as it was.
    """
    facts = {table: _facts(shop, table, now, progress) for table in ("items", "users")}
    settings = shop.section("events")
    events = import_events(
        shop.log,
        _files(shop, "events"),
        columns(shop, "events"),
        shop.knobs("cleaning", Cleaning),
        quarantine=shop.quarantine,
        now=now,
        settings=from_mapping(EventFiles, _knobs_of(settings), where=f"{SETTINGS} [events]"),
        progress=progress,
    )
    if events.kept or not (shop.reports / LAST_IMPORT).exists():
        shop.reports.mkdir(parents=True, exist_ok=True)
        replace_text(shop.reports / LAST_IMPORT, json.dumps(events.as_dict(), ensure_ascii=False, indent=1))
    return ShopImport(events, facts["items"], facts["users"])


def columns(shop: Shop, section: str) -> dict[str, str]:
    """Our name -> the file's name of the columns that the settings name.

    Raises:
        BadInput: the section is not made of texts.
    """
    given = shop.section(section).get("columns", {})
    if not isinstance(given, Mapping) or not all(isinstance(value, str) for value in given.values()):
        raise BadInput(f'{SETTINGS} [{section}.columns] must hold lines like user_id = "CustomerID"')
    return {str(ours): str(theirs) for ours, theirs in given.items()}


def _files(shop: Shop, section: str) -> list[str]:
    files = shop.section(section).get("files", [])
    if not isinstance(files, Sequence) or isinstance(files, str) or not files:
        raise BadInput(f'{SETTINGS} [{section}] files must be a list of files, like ["events.csv"], got {files!r}')
    return [_resolved(shop.root, str(file)) for file in files]


def _resolved(root: Path, place: str) -> str:
    return place if "://" in place else str(root / place)


def _knobs_of(section: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in section.items() if name not in _APART}


def _facts(shop: Shop, section: str, now: int, progress: Progress | None) -> FactsReport | None:
    settings = shop.section(section)
    if not settings.get("files"):
        return None
    return import_facts(
        shop.log,
        _files(shop, section),
        "item_updates" if section == "items" else "user_updates",
        columns(shop, section),
        quarantine=shop.quarantine,
        now=now,
        query=str(settings.get("query", "")),
        progress=progress,
    )
