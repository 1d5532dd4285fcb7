from pathlib import Path

import pytest

from slatewright.core.disk import sync
from slatewright.events import disk
from slatewright.events.log import EventLog
from tests.events.examples import NOON, interactions


def test_every_file_of_a_commit_and_its_folders_are_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: set[str] = set()

    def spy(path: Path) -> None:
        flushed.add(str(path))
        sync(path)

    monkeypatch.setattr(disk, "sync", spy)
    log = EventLog(tmp_path)
    log.append("interactions", interactions("a", time=NOON))
    assert flushed == set()
    log.append("interactions", interactions("b", time=NOON), transaction=("journal", 1))
    names = {Path(path).relative_to(tmp_path).parts for path in flushed}
    assert ("interactions", "_delta_log", "00000000000000000001.json") in names
    assert ("interactions", "day=2011-01-26") in names
    assert sum(path.endswith(".parquet") for path in flushed) == 1
