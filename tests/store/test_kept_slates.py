import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest

from slatewright.store.kept_slates import Entry, KeptSlates, name_of


@contextmanager
def writing(path: Path, max_bytes: int = 10_000) -> Iterator[KeptSlates]:
    """Everything offered inside the block is written when it ends."""
    hours = count(0, 3600)  # every look at the clock is an hour later: there is always time to keep a slate
    slates = KeptSlates(path, max_bytes, clock=lambda: float(next(hours)))
    slates.start()
    try:
        yield slates
    finally:
        slates.stop()


class Body:
    """Bytes of a slate that takes memory until it is read."""

    def read(self) -> bytes:
        return b"body"


def offer(slates: KeptSlates, number: int, body: bytes, user_id: str | None = "ann", policy: str = "") -> None:
    slates.offer(Entry(f"s{number}", user_id, number, "v1"), lambda: body, policy)


def test_a_kept_slate_is_found_by_its_id_and_by_its_user(tmp_path: Path) -> None:
    with writing(tmp_path / "slates.sqlite") as slates:
        offer(slates, 1, b"one")
        offer(slates, 2, b"two", "bob")
        offer(slates, 3, b"three", None)
        offer(slates, 1, b"again")
    assert slates.find("s1") == b"one"  # an id is one answer
    assert slates.find("s3.0f") == b"three"  # one more answer of the same slate
    assert slates.find("s9") is slates.find("s9.0f") is None
    assert [entry.slate_id for entry in slates.latest(2)] == ["s3", "s2"]
    assert slates.latest(5, "bob") == [Entry("s2", "bob", 2, "v1")]


def test_the_oldest_leave_when_the_budget_is_spent(tmp_path: Path) -> None:
    for start in range(0, 100, 10):
        with writing(tmp_path / "slates.sqlite", 10_000) as slates:
            for number in range(start, start + 10):
                offer(slates, number, bytes(300))
    held = [int(entry.slate_id[1:]) for entry in slates.latest(1000)]
    assert held == list(range(99, 99 - len(held), -1))
    assert 25 <= len(held) <= 33  # 10,000 / 300, less at most a tenth and a batch


def test_a_text_of_rules_is_kept_once_and_as_long_as_a_slate_that_was_made_by_it(tmp_path: Path) -> None:
    with writing(tmp_path / "slates.sqlite", 10_000) as slates:
        offer(slates, 1, bytes(300), policy="old")
        offer(slates, 2, bytes(300), policy="new")
    assert [slates.policy(name_of(text)) for text in ("old", "new", "", "never")] == ["old", "new", "", None]
    for start in range(10, 100, 10):
        with writing(tmp_path / "slates.sqlite", 10_000) as slates:
            for number in range(start, start + 10):
                offer(slates, number, bytes(300), policy="new")
    assert [slates.policy(name_of(text)) for text in ("old", "new")] == [None, "new"]
    with closing(sqlite3.connect(tmp_path / "slates.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM policies").fetchone() == (1,)


def test_a_rush_does_not_wipe_out_what_was_kept_before(tmp_path: Path) -> None:
    slates = KeptSlates(tmp_path / "slates.sqlite", 10_000, clock=lambda: 0.0)  # all at one instant
    slates.start()
    for number in range(100):
        offer(slates, number, bytes(300))
    slates.stop()
    assert [entry.slate_id for entry in slates.latest(9)] == ["s3", "s2", "s1", "s0"]  # a tenth, and what exceeds it
    assert slates.missed == 96


def test_before_anything_is_kept_nothing_is_found(tmp_path: Path) -> None:
    slates = KeptSlates(tmp_path / "none.sqlite", 1000)
    assert slates.find("s1") is None
    assert slates.latest(3) == []


def test_a_damaged_file_is_begun_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "slates.sqlite"
    path.write_bytes(b"no database at all" * 100)
    assert KeptSlates(path, 1000).find("s1") is None
    with writing(path) as slates:
        offer(slates, 1, b"one")
    assert slates.find("s1") == b"one"
    assert "begun anew" in caplog.text


def test_what_the_disk_refuses_is_counted_and_the_writer_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "slates.sqlite"
    folder.mkdir()  # a folder in place of the file
    with writing(folder) as slates:
        offer(slates, 1, b"one")
    assert slates.missed == 1


def test_what_comes_faster_than_it_can_be_written_is_counted(tmp_path: Path) -> None:
    slates = KeptSlates(tmp_path / "slates.sqlite", 1000)  # nobody writes
    for number in range(600):
        offer(slates, number, b"")
    assert slates.missed == 600 - 64


def test_what_may_not_be_kept_is_not_held_until_the_writer_has_time(tmp_path: Path) -> None:
    slates = KeptSlates(tmp_path / "slates.sqlite", 10_000, clock=lambda: 0.0)
    slates.start()
    offer(slates, 0, bytes(2000))
    slates.stop()  # the budget of this instant is spent, and nobody writes any more
    held = weakref.ref(body := Body())
    slates.offer(Entry("s2", None, 2, "v1"), body.read)
    del body
    assert held() is None
