import json
from pathlib import Path

import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.importer import ImportReport
from slatewright.store.importing import LAST_IMPORT, import_shop
from slatewright.store.shop import SETTINGS, Shop

NOW = instant("2024-06-01")


def shop_of(folder: Path, settings: str) -> Shop:
    (folder / SETTINGS).write_text(settings)
    (folder / "e.csv").write_text(
        "who,what,did,time\nu,i,clicked,2024-01-01\nu,i,clicked,2024-01-01\n,i,clicked,2024-01-01\n"
    )
    return Shop.open(folder)


NAMED = '[events]\nfiles = ["e.csv"]\n[events.columns]\nuser_id = "who"\nitem_id = "what"\nkind = "did"\n'


def test_settings_reach_the_import(tmp_path: Path) -> None:
    shop = shop_of(
        tmp_path, NAMED + '[events.kinds]\nclicked = "view"\n[cleaning]\nexact_duplicates = false\nnear_seconds = 0\n'
    )
    report = import_shop(shop, now=NOW).events
    assert (report.read, report.kept, report.quarantined) == (3, 2, 1)
    assert shop.log.scan("interactions").collect()["kind"].to_list() == ["view", "view"]
    assert report.quarantine is not None
    assert report.quarantine.parent == shop.quarantine


def test_the_last_import_that_brought_something_is_kept(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, NAMED)
    first = import_shop(shop, now=NOW).events
    assert import_shop(shop, now=NOW).events.kept == 0
    kept = ImportReport.of_dict(json.loads((shop.reports / LAST_IMPORT).read_text()))
    assert kept.as_dict() == first.as_dict()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("", r"\[events\] files must be a list"),
        ('[events]\nfiles = "e.csv"\n', r"\[events\] files must be a list"),
        ('[events]\nfiles = ["nothing.csv"]\n', "no file matches it"),
        ('[events]\nfiles = ["e.csv"]\n', "looks like the user"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, settings: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        import_shop(shop_of(tmp_path, settings), now=NOW)


def test_columns_must_be_texts(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, '[events]\nfiles = ["e.csv"]\ncolumns = "who"\n')
    with pytest.raises(BadKnob, match=r"\[events\]: EventFiles.columns must be lines like"):
        import_shop(shop, now=NOW)


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadKnob, match=r"\[events\]: there is no setting 'file'"):
        import_shop(shop_of(tmp_path, NAMED.replace("files", 'file = "x"\nfiles')), now=NOW)
