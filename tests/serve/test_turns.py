"""Turns on a few threads: bounded, with a deadline, and work that hangs is left behind."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from slatewright.serve.turns import Crowded, TooLate, Turns

SOON, NEVER = 0.01, 60.0


@contextmanager
def turns_of(threads: int, most_waiting: int) -> Iterator[Turns]:
    turns = Turns(threads, most_waiting)
    yield turns
    turns.stop()


def run(work: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(work())


def within(seconds: float) -> float:
    return time.monotonic() + seconds


def test_what_work_returns_and_raises_comes_back() -> None:
    async def asking() -> None:
        assert await turns.take(lambda: 3) == 3
        assert await turns.take(lambda: "in time", within(NEVER)) == "in time"
        with pytest.raises(ZeroDivisionError):
            await turns.take(lambda: 1 // 0)
        assert await asyncio.gather(*(turns.take(partial(int, at)) for at in range(8))) == list(range(8))
        assert turns.open == 0

    with turns_of(2, 8) as turns:
        run(asking)


def test_more_than_may_wait_are_turned_away_and_the_others_are_answered() -> None:
    gate = threading.Event()

    async def asking() -> None:
        waiting = [asyncio.ensure_future(turns.take(gate.wait)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Crowded):
            await turns.take(lambda: True)
        gate.set()
        assert await asyncio.gather(*waiting) == [True] * 3
        assert await turns.take(lambda: 7) == 7

    with turns_of(1, 2) as turns:
        run(asking)


def test_work_that_hangs_is_left_behind_and_its_thread_replaced_until_it_comes_back() -> None:
    gate, begun = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        gate.wait()

    async def asking() -> None:
        for stuck in (1, 2, 3):
            begun.clear()
            while not begun.is_set():  # on a busy machine the deadline may come before the thread begins
                with pytest.raises(TooLate):
                    await turns.take(hang, within(SOON))
            assert turns.stuck == stuck
            assert await turns.take(lambda: "next", within(NEVER)) == "next"
        gate.set()
        while turns.stuck:
            await asyncio.sleep(0.001)
        assert await asyncio.gather(*(turns.take(lambda: 1, within(NEVER)) for _ in range(4))) == [1] * 4

    with turns_of(1, 4) as turns:
        run(asking)


def test_work_whose_deadline_came_while_it_waited_is_never_begun() -> None:
    gate, begun = threading.Event(), list[int]()

    async def asking() -> None:
        first = asyncio.ensure_future(turns.take(gate.wait))
        await asyncio.sleep(0)
        with pytest.raises(TooLate):
            await turns.take(lambda: begun.append(1), within(SOON))
        gate.set()
        await first
        assert await turns.take(lambda: len(begun)) == 0

    with turns_of(1, 4) as turns:
        run(asking)


def test_a_client_that_goes_away_frees_its_place() -> None:
    gate = threading.Event()

    async def asking() -> None:
        first = asyncio.ensure_future(turns.take(gate.wait, within(NEVER)))
        second = asyncio.ensure_future(turns.take(lambda: 2, within(NEVER)))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.sleep(0)
        assert turns.open == 1
        gate.set()
        assert await first is True
        assert (turns.open, turns.stuck) == (0, 0)

    with turns_of(1, 1) as turns:
        run(asking)
