"""What is told of users: the latest word, within a bound, read back from the log and the journal."""

from pathlib import Path

import pytest

from slatewright.core.errors import BadInput
from slatewright.events.journal import Journal
from slatewright.events.log import EventLog
from slatewright.events.records import UserUpdate
from slatewright.serve.told_users import ToldUsers


def update(name: str, user: str = "u", time: int = 0, **facts: str | int | tuple[str, ...]) -> UserUpdate:
    return UserUpdate(name, user, time, facts)


@pytest.fixture
def told(tmp_path: Path) -> ToldUsers:
    return ToldUsers(EventLog(tmp_path / "log"), Journal(tmp_path / "journal.sqlite"), 6)


def test_of_two_words_the_later_one_holds_fact_by_fact(told: ToldUsers) -> None:
    assert told.read("u") == told.read(None) == {}
    assert told.mark("u") == ""
    told.tell([update("b", time=5, country="IT", age=7), update("a", time=3, country="PT", shoes=44)])
    assert told.read("u") == {"country": "IT", "age": 7, "shoes": 44}
    before = told.mark("u")
    told.tell([update("c", time=6, age=8)])
    assert told.read("u")["age"] == 8
    assert told.mark("u") != before
    assert told.mark("another") == ""
    assert len(told) == 3


def test_who_was_told_of_longest_ago_goes_first(told: ToldUsers) -> None:
    for user in ("a", "b", "c", "a", "d"):
        told.tell([update(f"of {user}", user, country="IT", age=7)])
    assert [user for user in "abcd" if told.read(user)] == ["a", "c", "d"]
    assert len(told) == 6
    told.tell([update("long", "e", essay="x" * 400)])
    assert len(told) <= 6 or not told.read("a")
    told.tell([update("short", "e", time=1, essay="x"), update("list", "e", tags=("y",) * 30)])
    assert told.read("e")["essay"] == "x"


def test_what_a_bundle_has_learned_is_forgotten(told: ToldUsers) -> None:
    told.tell([update("a", time=3, country="PT"), update("b", time=5, age=7), update("c", "v", time=2, age=1)])
    told.forget(4)
    assert told.read("u") == {"age": 7}
    assert told.read("v") == {}
    assert len(told) == 1


def test_it_is_read_back_from_the_log_and_the_journal(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "log")
    with Journal(tmp_path / "journal.sqlite") as journal:
        journal.append((), user_updates=[update("old", time=1, age=1), update("logged", time=5, tags=("x", "y"))])
        journal.flush(log)
        receipt = journal.append((), user_updates=[update("new", time=6, age=2), update("new", time=6, age=2)])
        assert (receipt.accepted, receipt.duplicates) == (1, 1)
        told = ToldUsers(log, journal, 100)
        told.prepare(2)
        assert {name: list(value) if name == "tags" else value for name, value in told.read("u").items()} == {  # type: ignore[call-overload]
            "tags": ["x", "y"],
            "age": 2,
        }
        early = ToldUsers(log, journal, 100)
        early.prepare(0, before=5)
        assert early.read("u") == {"age": 1}


def test_a_fact_keeps_its_type(told: ToldUsers) -> None:
    told.check("country", 7, None)
    told.tell([update("a", country="IT")])
    told.check("country", "PT", None)
    with pytest.raises(BadInput, match="'country' must be a text"):
        told.check("country", 7, None)
