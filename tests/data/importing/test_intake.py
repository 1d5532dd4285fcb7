from pathlib import Path

import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput
from slatewright.data.importing.intake import Intake
from slatewright.data.importing.report import no_progress
from slatewright.data.importing.settings import EventFiles
from slatewright.data.importing.spill import Spill
from slatewright.data.quarantine import Quarantine
from slatewright.data.reading import expand


def taken(folder: Path, *texts: str, undated: str = "") -> Intake:
    for number, text in enumerate(texts):
        (folder / f"{number}.csv").write_text(text)
    sources = expand([str(folder / "*.csv")])
    aside = Quarantine(folder / "quarantine", [source.name for source in sources], folder)
    intake = Intake(Spill(folder, 1000), aside)
    for source in sources:
        intake.take(source, EventFiles(undated=undated), no_progress)
    return intake


def test_what_was_read_is_counted(tmp_path: Path) -> None:
    intake = taken(tmp_path, "user,item,time\nu,a,2002-01-01\nu,b,never\n", "user,item,time\nv,a,2001-01-01\n")
    assert intake.read == 3
    assert list(intake.files.values()) == [2, 1]
    assert intake.quarantine.rows == 1
    assert sorted(intake.items()) == ["a"]
    assert (intake.first, intake.last) == (instant("2001-01-01"), instant("2002-01-01"))
    assert intake.by_day
    assert not intake.undated
    assert not intake.own_ids


def test_own_ids_and_undated_files_are_noticed(tmp_path: Path) -> None:
    intake = taken(tmp_path, "event_id,user,item\nx,u,a\n", undated="2001-01-01")
    assert intake.own_ids
    assert intake.undated


def test_nothing_usable_says_why(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none of its 1 rows can be used \(time is no time: never"):
        taken(tmp_path, "user,item,time\nu,a,never\n")
