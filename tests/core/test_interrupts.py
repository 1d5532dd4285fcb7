"""Ctrl-C where it is hard to hear."""

import signal
import subprocess
import sys
import threading

import pytest

from slatewright.core.interrupts import interrupted, no_interrupt_lost, starting_deaf


def test_an_error_that_an_interrupt_caused_is_one() -> None:
    error, wrapped = SystemError("returned a result with an exception set"), ValueError("a trial")
    assert not interrupted(error)
    error.__cause__, wrapped.__cause__ = KeyboardInterrupt(), error
    assert interrupted(KeyboardInterrupt())
    assert interrupted(wrapped)
    assert not interrupted(None)


class Falls:
    """Its end is one of the places where Python prints what is raised, and goes on."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __del__(self) -> None:
        raise self.error


def lose_one_and_wait() -> None:
    with no_interrupt_lost():
        Falls(KeyboardInterrupt())
        threading.Event().wait(60)


def test_an_interrupt_that_fell_into_the_collector_comes_again(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt):
        lose_one_and_wait()
    assert capfd.readouterr().err == ""


def test_whatever_else_falls_there_is_told_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[type[BaseException] | None] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: told.append(lost.exc_type))
    with no_interrupt_lost():
        Falls(ZeroDivisionError())
    assert told == [ZeroDivisionError]


def test_a_process_that_is_started_deaf_never_hears_an_interrupt() -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGINT); print('deaf')"
    with starting_deaf():
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "deaf\n"
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
