"""Which code ran."""

import os
import subprocess
from pathlib import Path

import slatewright
from slatewright.lifecycle.code_version import checkout_of, code_version, sources_sum


def git(folder: Path, *words: str) -> None:
    mine = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(
        ["git", "-C", str(folder), *who, *words], check=True, capture_output=True, env={**os.environ, **mine}
    )


def package(root: Path) -> Path:
    folder = root / "src" / "thing"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "one.py").write_text("x = 1\n")
    return folder


def test_a_checkout_tells_its_commit_and_whether_it_was_changed(tmp_path: Path) -> None:
    folder = package(tmp_path)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    found = checkout_of(folder)
    assert found is not None
    assert len(found.commit) == 40
    assert not found.changed
    (tmp_path / "notes.txt").write_text("not of the package")
    assert checkout_of(folder) == found
    (folder / "one.py").write_text("x = 2\n")
    changed = checkout_of(folder)
    assert changed is not None
    assert (changed.commit, changed.changed) == (found.commit, True)


def test_a_package_installed_inside_some_other_checkout_is_none(tmp_path: Path) -> None:
    (tmp_path / "theirs.py").write_text("")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "theirs")
    assert checkout_of(package(tmp_path)) is None
    assert checkout_of(tmp_path / "nowhere") is None


def test_the_sum_moves_with_names_and_contents_of_sources_only(tmp_path: Path) -> None:
    folder = package(tmp_path)
    first = sources_sum(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "one.pyc").write_bytes(b"compiled")
    assert sources_sum(folder) == first
    (folder / "one.py").write_text("x = 2\n")
    second = sources_sum(folder)
    (folder / "one.py").rename(folder / "two.py")
    assert len({first, second, sources_sum(folder)}) == 3


def test_this_package_is_told() -> None:
    told = code_version()
    assert told["slatewright"] == slatewright.__version__
    assert len(told["sources"]) == 64
