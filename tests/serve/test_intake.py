"""Events of many requests share one write; each request is told what became of its own."""

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from slatewright.core.errors import BadInput, NotWritten
from slatewright.events.journal import Events, Journal, Receipt
from slatewright.events.records import Interaction
from slatewright.serve.intake import Intake, Taken
from slatewright.serve.turns import Crowded


def event(name: str, session: str | None = None) -> Interaction:
    return Interaction(name, "u" * 900, "i", "view", 0, session_id=session)


def bringing(*names: str) -> Callable[[], Events]:
    return lambda: Events([event(name) for name in names])


class Gate:
    """A journal whose writes wait until they are let through; ``writes`` are the ids of each."""

    def __init__(self, journal: Journal) -> None:
        self.open = threading.Event()
        self.writes = list[list[str]]()
        self._journal = journal

    def write(self, requests: Sequence[Events]) -> list[Receipt | BadInput]:
        self.open.wait()
        self.writes.append([one.event_id for events in requests for one in events.interactions])
        return self._journal.append_together(requests)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite") as opened:
        yield opened


@contextmanager
def intake_of(write: Callable[[Sequence[Events]], Sequence[Receipt | BadInput]], most: int = 1000) -> Iterator[Intake]:
    intake = Intake(write, most)
    yield intake
    intake.stop()


def ids(journal: Journal) -> list[str]:
    return sorted(journal.pending()["interactions"]["event_id"])


def outcomes(*asked: Coroutine[None, None, Taken], then: Callable[[], object] = bool) -> list[object]:
    """What becomes of requests that are asked at once; ``then`` is done when all of them wait."""

    async def asking() -> list[object]:
        tasks = [asyncio.ensure_future(one) for one in asked]
        await asyncio.sleep(0)
        then()
        told = await asyncio.gather(*tasks, return_exceptions=True)
        return [one if isinstance(one, BaseException) else one[1] for one in told]

    return asyncio.run(asking())


def test_what_waits_shares_a_write_and_a_lone_request_is_written_at_once(journal: Journal) -> None:
    gate = Gate(journal)
    with intake_of(gate.write) as intake:
        asked = [intake.take(bringing(f"{at}", f"more {at}", "shared"), 3) for at in range(20)]
        told = outcomes(*asked, then=gate.open.set)
        assert told == [Receipt(3, 0), *[Receipt(2, 1)] * 19]
        assert outcomes(intake.take(bringing("alone"), 1)) == [Receipt(1, 0)]
        assert intake.waiting == 0
    assert gate.writes[-1] == ["alone"]
    assert len(gate.writes) <= 3
    assert len(ids(journal)) == 42


def test_what_cannot_be_read_or_written_fails_alone(journal: Journal) -> None:
    def broken() -> Events:
        raise BadInput("no such field")

    gate = Gate(journal)
    with intake_of(gate.write) as intake:
        told = outcomes(
            intake.take(bringing("a"), 1),
            intake.take(broken, 1),
            intake.take(lambda: Events([event("fine"), event("half a pair", "\ud83d")]), 2),
            intake.take(bringing("b"), 1),
            then=gate.open.set,
        )
    assert [told[0], told[3]] == [Receipt(1, 0)] * 2
    assert [type(one) for one in told[1:3]] == [BadInput] * 2
    assert ids(journal) == ["a", "b"]


def test_a_bug_in_the_writing_of_one_request_costs_the_others_nothing(journal: Journal) -> None:
    def write(requests: Sequence[Events]) -> list[Receipt | BadInput]:
        if any(one.event_id == "poison" for events in requests for one in events.interactions):
            raise ZeroDivisionError
        return journal.append_together(requests)

    with intake_of(write) as intake:
        told = outcomes(*(intake.take(bringing(name), 1) for name in ("a", "poison", "b")))
    assert isinstance(told[1], ZeroDivisionError)
    assert [told[0], told[2]] == [Receipt(1, 0)] * 2
    assert ids(journal) == ["a", "b"]


def test_more_than_may_wait_are_turned_away_and_the_others_are_taken(journal: Journal) -> None:
    gate = Gate(journal)
    with intake_of(gate.write, most=4) as intake:
        told = outcomes(
            intake.take(bringing("a", "b", "c"), 3),
            intake.take(bringing("d", "e"), 2),
            intake.take(bringing("f"), 1),
            intake.take(bringing("long"), 1, body_bytes=9000),
            then=gate.open.set,
        )
        assert [type(told[1]), type(told[3])] == [Crowded] * 2
        assert outcomes(intake.take(bringing(*"uvwxyz"), 6)) == [Receipt(6, 0)]  # one of any size, where none waits
    assert ids(journal) == ["a", "b", "c", "f", *"uvwxyz"]


def test_what_waits_when_the_server_stops_is_written(journal: Journal) -> None:
    gate = Gate(journal)
    intake = Intake(gate.write, 100)
    stopping = threading.Thread(target=intake.stop)

    def stop() -> None:
        stopping.start()
        gate.open.set()

    assert outcomes(*(intake.take(bringing(str(at)), 1) for at in range(5)), then=stop) == [Receipt(1, 0)] * 5
    stopping.join()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_disk_does_what_is_acknowledged_is_there_once_and_what_is_refused_is_not(
    journal: Journal, seed: int
) -> None:
    """Requests by the hundred through the intake and from threads beside it, on a disk that is full now and then."""
    rng, told, acknowledged, refused = random.Random(seed), set[str](), list[str](), list[str]()  # noqa: S311
    connection = journal._store._connection

    def write(requests: Sequence[Events]) -> list[Receipt | BadInput]:
        with journal._writing:  # SQLite's own way to run out of room
            connection.execute(f"PRAGMA max_page_count = {rng.choice((1, 1_000_000))}")
        told.add(f"{len(requests) > 1}")
        return journal.append_together(requests)

    def heard(names: Sequence[str], outcome: object) -> None:
        assert isinstance(outcome, Receipt | NotWritten | Crowded)
        (acknowledged if isinstance(outcome, Receipt) else refused).extend(names)

    async def bring(intake: Intake, at: int) -> None:
        names = [f"{at}-{number}" for number in range(rng.randrange(1, 6))]
        await asyncio.sleep(0.0001 * rng.randrange(300))
        try:
            heard(names, (await intake.take(bringing(*names), len(names)))[1])
        except (NotWritten, Crowded) as error:
            heard(names, error)

    def beside(thread: int) -> None:
        for at in range(20):
            names = [f"thread-{thread}-{at}"]
            try:
                heard(names, journal.append([event(name) for name in names]))
            except NotWritten as error:
                heard(names, error)

    async def crowd(intake: Intake) -> None:
        await asyncio.gather(*(bring(intake, at) for at in range(250)))

    threads = [threading.Thread(target=beside, args=(thread,)) for thread in range(2)]
    with intake_of(write, most=120) as intake:
        for thread in threads:
            thread.start()
        asyncio.run(crowd(intake))
        for thread in threads:
            thread.join()
    assert acknowledged
    assert refused
    assert "True" in told
    assert ids(journal) == sorted(acknowledged)
