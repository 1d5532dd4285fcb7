import io
import sys

import pytest

from slatewright.models.neural.progress import progress_bar


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


def _shown(monkeypatch: pytest.MonkeyPatch, stderr: io.StringIO) -> str:
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with progress_bar("MF", 5, 2, done=2) as bar:
        bar.step(0.25)
        if bar.progress is not None:
            bar.progress.refresh()
        bar.epoch(2, (0.25, 0.5))
        bar.step(0.125)
    return stderr.getvalue()


def test_a_terminal_shows_loss_and_validation(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _shown(monkeypatch, Terminal())
    assert "MF" in shown
    assert "compiling the first step" in shown
    assert "epoch 2 of 5, loss 0.2500" in shown
    assert "epoch 3 of 5, loss 0.1250, validation 0.5000" in shown


def test_a_file_stays_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _shown(monkeypatch, io.StringIO()) == ""


def test_a_bar_inside_a_bar_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with progress_bar("outer", 1, 1) as outer, progress_bar("inner", 1, 1) as inner:
        assert outer.progress is not None
        inner.step(0.5)
