"""The duty has one holder, and goes on when that one is gone."""

from pathlib import Path

from slatewright.serve.workers.crew import on_duty
from slatewright.serve.workers.duty import Duty
from tests.serve.workers.crews import crews


def test_one_has_it_until_it_leaves(tmp_path: Path) -> None:
    first, second = Duty(tmp_path / "lock"), Duty(tmp_path / "lock")
    assert (first.mine(), second.mine(), first.mine()) == (True, False, True)
    first.leave()
    assert (second.mine(), first.mine()) == (True, False)
    second.leave()
    first.leave()


def test_work_is_done_by_whoever_has_the_duty(tmp_path: Path) -> None:
    done: list[str] = []
    with crews(tmp_path) as (one, other):
        works = [
            on_duty(crew, lambda name=name: done.append(name))  # type: ignore[misc]
            for crew, name in ((one, "one"), (other, "other"), (None, "alone"))
        ]
        for work in (*works, *works):
            work()
        one.duty.leave()
        works[1]()
    assert done == ["one", "alone", "one", "alone", "other"]
