"""How a command ends: expected errors in one line, Ctrl-C without a traceback, bugs in full."""

import errno
import os
import signal
import subprocess
import sys
from types import ModuleType

import pytest
from typer.testing import CliRunner

from slatewright.cli import lazy
from slatewright.cli.main import app
from slatewright.core.errors import BadInput


def ends_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, BaseException | None]:
    """Run ``slatewright list`` with a command that raises."""

    def run() -> None:
        """Raise."""
        raise error

    module = ModuleType("listing")
    vars(module)["run"] = run
    monkeypatch.setattr(lazy, "import_module", lambda name: module)
    result = CliRunner().invoke(app, ["list"])
    return result.exit_code, result.output, result.exception


def test_an_error_of_ours_is_one_line_and_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output, _ = ends_with(BadInput("events.csv has no rows; [give] another file"), monkeypatch)
    assert (code, output) == (2, "error: events.csv has no rows; [give] another file\n")


def test_a_full_disk_is_one_line_too(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output, _ = ends_with(OSError(errno.ENOSPC, "No space left on device", "log/x.parquet"), monkeypatch)
    assert (code, output) == (2, "error: No space left on device: log/x.parquet\n")


def test_ctrl_c_is_exit_code_130(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends_with(KeyboardInterrupt(), monkeypatch)[:2] == (130, "stopped\n")


def test_ctrl_c_that_fell_into_compiled_code_is_no_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    error = SystemError("returned a result with an exception set")
    error.__cause__ = KeyboardInterrupt()
    assert ends_with(error, monkeypatch)[:2] == (130, "stopped\n")


@pytest.mark.parametrize("bug", [SystemError("broken"), ZeroDivisionError("a bug"), OSError(errno.EIO, "broken")])
def test_a_bug_is_not_hidden(bug: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends_with(bug, monkeypatch)[2] is bug


def test_ctrl_c_in_a_real_process_leaves_no_traceback() -> None:
    code = (
        "import sys, time\n"
        "from slatewright.cli import lazy\nfrom slatewright.cli.main import main\n"
        "def wait(name):\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "lazy.import_module = wait\n"
        "sys.argv[1:] = ['list']\nmain()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGINT)
        errors = process.stderr.read()
    assert process.returncode == 130
    assert errors == "stopped\n"
