"""A shop's folder and what its settings say."""

from pathlib import Path

import pytest

from slatewright.core.errors import NotThere
from slatewright.store.shop import SETTINGS, Shop


def test_a_shop_is_called_as_its_settings_say_or_as_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "corner"
    folder.mkdir()
    (folder / SETTINGS).write_text("", encoding="utf-8")
    assert Shop.open(folder).name == "corner"
    monkeypatch.chdir(folder)
    assert Shop.open(Path()).name == "corner"
    (folder / SETTINGS).write_text('[shop]\nname = "Corner & Sons"\n', encoding="utf-8")
    assert Shop.open(folder).name == "Corner & Sons"


def test_a_folder_without_settings_is_no_shop(tmp_path: Path) -> None:
    with pytest.raises(NotThere, match="slatewright init"):
        Shop.open(tmp_path)
