"""What commands print, and where."""

import pytest
from rich.console import Console

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


def test_quick_work_shows_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with console.progress_bar() as bar:
        bar("fit", 1, 3)
    assert capsys.readouterr().err == ""


def test_long_work_shows_its_step(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "PATIENCE", -1.0)
    monkeypatch.setattr(console, "notes", Console(stderr=True, force_terminal=True, width=100))
    with console.progress_bar() as bar:
        bar("fit taste", 1, 3)
        bar("fit together", 2, 3)
    err = capsys.readouterr().err
    assert "fit together" in err
    assert "2/3" in err


def test_a_file_gets_no_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "PATIENCE", -1.0)
    with console.progress_bar() as bar:
        bar("fit taste", 1, 3)
    assert capsys.readouterr().err == ""
