"""Background work survives its failures and ends when it is told to."""

import threading

from slatewright.serve.ticking import Ticker


def test_a_failure_is_reported_and_tried_again() -> None:
    failed, done, calls = list[str](), threading.Event(), list[int]()

    def work() -> None:
        calls.append(1)
        if len(calls) < 3:
            raise OSError("no space left")
        done.set()

    ticker = Ticker("flush", 0.001, work, failed.append)
    ticker.start()
    assert done.wait(10)
    ticker.stop()
    assert failed == ["flush", "flush"]
    count = len(calls)
    assert threading.Event().wait(0.02) is False
    assert len(calls) == count


def test_a_ticker_that_never_started_can_be_stopped() -> None:
    calls: list[str] = []
    Ticker("watch", 0, lambda: calls.append("watch"), calls.append).stop()
    assert calls == []
