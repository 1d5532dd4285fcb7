"""What commands print, and where."""

import threading

import pytest
from rich.console import Console
from rich.progress import Progress

from slatewright.cli import console


def test_an_error_reads_as_it_is_even_with_markup_and_long_words(capsys: pytest.CaptureFixture[str]) -> None:
    console.complain("the item '[bold]x[/bold]' " + "y" * 200)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "error: the item '[bold]x[/bold]' " + "y" * 200 + "\n"


def test_json_is_all_there_is_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    console.note("reading")
    console.print_json({"item": "tee 🫖"})
    out, err = capsys.readouterr()
    assert out == '{\n  "item": "tee 🫖"\n}\n'
    assert err == "reading\n"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let stderr be a terminal."""
    monkeypatch.setattr(console, "notes", Console(stderr=True, force_terminal=True, width=100))


@pytest.mark.usefixtures("terminal")
def test_quick_work_shows_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with console.progress_bar() as bar:
        bar("fit", 1, 3)
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("terminal")
def test_long_work_shows_its_step_even_when_it_says_nothing_for_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = threading.Event()

    class Shown(Progress):
        """A bar that says when it has appeared."""

        def start(self) -> None:
            super().start()
            shown.set()

    monkeypatch.setattr(console, "PATIENCE", 0.0)
    monkeypatch.setattr(console, "Progress", Shown)
    with console.progress_bar() as bar:
        bar("fit together", 2, 3)
        assert shown.wait(timeout=30)
    err = capsys.readouterr().err
    assert "fit together" in err
    assert "2/3" in err


def _timers() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)}


@pytest.mark.usefixtures("terminal")
def test_a_bar_goes_away_when_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "PATIENCE", 0.0)
    before = _timers()
    with pytest.raises(ZeroDivisionError), console.progress_bar():
        raise ZeroDivisionError
    assert _timers() <= before


def test_a_file_gets_no_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "PATIENCE", 0.0)
    with console.progress_bar() as bar:
        bar("fit taste", 1, 3)
    assert capsys.readouterr().err == ""
