"""Files in the folder of reports."""

from pathlib import Path

import pytest

from slatewright.core.errors import NotWritten
from slatewright.lifecycle.publishing import publish
from slatewright.testing.shops import town_shop


def test_files_are_put_in_the_place_of_the_last_ones(tmp_path: Path) -> None:
    shop = town_shop(tmp_path)
    publish(shop, {"a.md": b"one", "b.json": b"{}"})
    publish(shop, {"a.md": b"two"})
    assert {path.name: path.read_bytes() for path in shop.reports.iterdir()} == {"a.md": b"two", "b.json": b"{}"}


def test_a_disk_that_refuses_leaves_the_last_one(tmp_path: Path) -> None:
    shop = town_shop(tmp_path)
    publish(shop, {"a.md": b"one"})
    (shop.reports / "b.md").mkdir()
    with pytest.raises(NotWritten):
        publish(shop, {"b.md": b"two"})
    assert (shop.reports / "a.md").read_bytes() == b"one"
