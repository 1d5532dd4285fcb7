import os
from pathlib import Path

import pytest

from slatewright.core.disk import sync


def test_files_and_folders_are_forced_to_disk_and_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forced: list[int] = []
    real = os.fsync

    def spy(handle: int) -> None:
        forced.append(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", spy)
    (tmp_path / "a").write_text("x")
    sync(tmp_path / "a")
    sync(tmp_path)
    assert forced == [(tmp_path / "a").stat().st_ino, tmp_path.stat().st_ino]


def test_what_is_not_there_cannot_be_forced(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync(tmp_path / "nothing")
