import threading
from pathlib import Path

import numpy as np
import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput, Busy, NotThere
from slatewright.store.bundle import TEMPORARY, write_bundle
from slatewright.store.card import Card
from slatewright.store.shelf import Shelf

NOW = instant("2026-01-01")


def shelf_with(root: Path, *days: str) -> tuple[Shelf, list[str]]:
    """A shelf with one bundle for each day."""
    arrays = {"x": np.arange(3)}
    versions = [write_bundle(root, Card(instant(day), "v", "r", "1", {}, {}), arrays, {}) for day in days]
    return Shelf(root), versions


def test_an_empty_shelf_has_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "bundles")
    assert (shelf.versions(), shelf.live(), shelf.promotions()) == ([], None, [])
    with pytest.raises(NotThere, match="there are: none: run slatewright train"):
        shelf.promote("x", now=NOW)


def test_promote_points_live_at_a_version_and_is_remembered(tmp_path: Path) -> None:
    shelf, (first, second) = shelf_with(tmp_path, "2025-01-01", "2025-02-01")
    assert shelf.versions() == [first, second]
    shelf.promote(second, now=NOW)
    assert shelf.live() == second
    assert shelf.promotions() == [("2026-01-01T00:00:00+00:00", "promote", second)]
    assert shelf.card(first).as_of == instant("2025-01-01")


def test_a_version_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    shelf, (first,) = shelf_with(tmp_path, "2025-01-01")
    shelf.promote(first, now=NOW)
    for name in ("nope", "../elsewhere", "", "."):
        with pytest.raises(NotThere, match="there is no bundle"):
            shelf.promote(name, now=NOW)
    assert shelf.live() == first


def test_rolling_back_walks_back_and_does_not_swing(tmp_path: Path) -> None:
    shelf, (a, b, c) = shelf_with(tmp_path, "2025-01-01", "2025-02-01", "2025-03-01")
    for version in (a, b, c):
        shelf.promote(version, now=NOW)
    assert [shelf.rollback(now=NOW), shelf.rollback(now=NOW)] == [b, a]
    with pytest.raises(BadInput, match="no other bundle on the shelf was live before"):
        shelf.rollback(now=NOW)
    shelf.promote(c, now=NOW)
    assert shelf.rollback(now=NOW) == a
    assert shelf.live() == a


def test_promoting_an_older_version_again_can_be_undone(tmp_path: Path) -> None:
    shelf, (a, b) = shelf_with(tmp_path, "2025-01-01", "2025-02-01")
    for version in (a, b, a, a):
        shelf.promote(version, now=NOW)
    assert shelf.rollback(now=NOW) == b


def test_a_bundle_that_was_removed_is_passed_over(tmp_path: Path) -> None:
    shelf, (a, b, c) = shelf_with(tmp_path, "2025-01-01", "2025-02-01", "2025-03-01")
    for version in (a, b, c):
        shelf.promote(version, now=NOW)
    (shelf.root / b / "card.json").unlink()
    assert shelf.rollback(now=NOW) == a


def test_a_promotion_stopped_half_way_is_as_if_it_never_was(tmp_path: Path) -> None:
    shelf, (a, b, c) = shelf_with(tmp_path, "2025-01-01", "2025-02-01", "2025-03-01")
    for version in (a, b):
        shelf.promote(version, now=NOW)
    with (shelf.root / "promotions").open("a") as stream:
        stream.write(f"2026-01-01T00:00:00+00:00 promote {c}\n2026-01-01T0")
    assert shelf.rollback(now=NOW) == a


def test_leftovers_of_a_killed_writer_are_no_versions_and_are_swept(tmp_path: Path) -> None:
    shelf, (a,) = shelf_with(tmp_path, "2025-01-01")
    leftover = tmp_path / f"{TEMPORARY}4711"
    leftover.mkdir()
    (leftover / "card.json").write_text("{}")
    assert shelf.versions() == [a]
    with shelf.lock():
        assert shelf.sweep() == 1
    assert not leftover.exists()


def test_only_one_may_write(tmp_path: Path) -> None:
    shelf, _ = shelf_with(tmp_path, "2025-01-01")
    busy: list[bool] = []

    def other() -> None:
        try:
            with Shelf(tmp_path).lock(wait=False):
                busy.append(False)
        except Busy:
            busy.append(True)

    with shelf.lock():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    other()
    assert busy == [True, False]


def test_a_rollback_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    shelf, (a, b) = shelf_with(tmp_path, "2025-01-01", "2025-02-01")
    for version in (a, b):
        shelf.promote(version, now=NOW)
    with shelf.lock():
        thread = threading.Thread(target=lambda: shelf.rollback(now=NOW), daemon=True)
        thread.start()
        thread.join(10)
        assert shelf.live() == a
