"""Importing what the settings of a shop name: events, items, users."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from slatewright.core.errors import BadInput
from slatewright.core.knobs import from_mapping
from slatewright.data.cleaning import Cleaning
from slatewright.data.importer import (
    EventFiles,
    FactsFiles,
    FactsReport,
    ImportReport,
    Progress,
    import_events,
    import_facts,
)
from slatewright.store.files import replace_text
from slatewright.store.shop import SETTINGS, Shop

LAST_IMPORT = "import.json"  # in the folder of reports: what the last import that brought something did

T = TypeVar("T", EventFiles, FactsFiles)


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
    events = import_events(
        shop.log,
        _files(shop, "events"),
        shop.knobs("cleaning", Cleaning),
        quarantine=shop.quarantine,
        now=now,
        settings=_settings(shop, "events", EventFiles),
        progress=progress,
    )
    if events.kept or not (shop.reports / LAST_IMPORT).exists():
        shop.reports.mkdir(parents=True, exist_ok=True)
        replace_text(shop.reports / LAST_IMPORT, json.dumps(events.as_dict(), ensure_ascii=False, indent=1))
    return ShopImport(events, facts["items"], facts["users"])


def _settings(shop: Shop, section: str, owner: type[T]) -> T:
    """What a section says besides its files."""
    given = {name: value for name, value in shop.section(section).items() if name != "files"}
    return from_mapping(owner, given, where=f"{SETTINGS} [{section}]")


def _files(shop: Shop, section: str) -> list[str]:
    files = shop.section(section).get("files", [])
    if not isinstance(files, Sequence) or isinstance(files, str) or not files:
        raise BadInput(f'{SETTINGS} [{section}] files must be a list of files, like ["events.csv"], got {files!r}')
    return [_resolved(shop.root, str(file)) for file in files]


def _resolved(root: Path, place: str) -> str:
    return place if "://" in place else str(root / place)


def _facts(shop: Shop, section: str, now: int, progress: Progress | None) -> FactsReport | None:
    if not shop.section(section).get("files"):
        return None
    return import_facts(
        shop.log,
        _files(shop, section),
        "item_updates" if section == "items" else "user_updates",
        quarantine=shop.quarantine,
        now=now,
        settings=_settings(shop, section, FactsFiles),
        progress=progress,
    )
