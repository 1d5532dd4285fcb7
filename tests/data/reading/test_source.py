from pathlib import Path

import pytest

from slatewright.core.errors import BadInput
from slatewright.data.reading.source import expand


def test_a_glob_gives_its_files_once_and_in_order(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.txt"):
        (tmp_path / name).write_text("x")
    found = expand([str(tmp_path / "*.csv"), str(tmp_path / "a.csv")])
    assert [Path(source.place).name for source in found] == ["a.csv", "b.csv"]


def test_a_file_whose_name_looks_like_a_glob(tmp_path: Path) -> None:
    path = tmp_path / "events[1].csv"
    path.write_text("x")
    assert [source.place for source in expand([str(path)])] == [str(path)]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("nowhere.csv", "no file matches it"),
        ("*.nothing", "no file matches it"),
        (".", "is a folder"),
        ("ftp://host/x.csv", "must be a file"),
        ("sqlite:///x.db", "with a query"),
    ],
)
def test_places_that_are_nothing(place: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=message):
        expand([place])


def test_nothing_at_all() -> None:
    with pytest.raises(BadInput, match="nothing to read"):
        expand([])


def test_no_message_shows_a_password() -> None:
    with pytest.raises(BadInput) as caught:
        expand(["postgresql://ann:secret@host/shop"])
    assert "secret" not in str(caught.value)
    (source,) = expand(["postgresql://ann:secret@host/shop"], query="SELECT 1")
    assert source.name == "postgresql://ann@host/shop"
    assert source.place == "postgresql://ann:secret@host/shop"
