"""Run the examples of a page: Python in one namespace, commands in one folder, both in the order of the page."""

import contextlib
import io
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from slatewright.cli.loopback import get
from slatewright.cli.main import app
from slatewright.core.errors import SlatewrightError

from .pages import Block

SHELL_SIGNS = set("|><&;*$`")


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def run_page(examples: list[Block], folder: Path) -> None:
    """Run all examples of one page; an assertion names the line that does not do what the page says."""
    names: dict[str, object] = {"__name__": "__main__"}
    with inside(folder):
        for block in examples:
            if block.language == "python":
                # leading newlines let a traceback show the line of the page
                source = "\n" * (block.line - 1) + block.text
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(source, block.page, "exec"), names)  # noqa: S102
            else:
                _run_console(block)


def _run_console(block: Block) -> None:
    for command, shown in _commands(block.text):
        output, code = _run(command)
        assert code == 0, f"{block.page}:{block.line}: {command!r} ended with {code}:\n{output}"
        squeezed = " ".join(output.split())
        for line in shown:
            assert " ".join(line.split()) in squeezed, (
                f"{block.page}:{block.line}: {command!r} does not print {line!r} but:\n{output}"
            )


def _commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each line after ``$``, with the lines of output that the page shows below it; ``...`` stands for anything."""
    parts = ("\n" + text).replace("\\\n", " ").split("\n$ ")
    assert not parts[0].strip(), f"a console block starts with '$ ', got {parts[0]!r}"
    for part in parts[1:]:
        command, *shown = part.splitlines()
        yield command, [line for line in shown if line.strip() and line.strip() != "..."]


def _run(command: str) -> tuple[str, int]:
    words = shlex.split(command)
    if words[0] == "cd":
        os.chdir(words[1])
        return "", 0
    if words[0] == "slatewright" and words[1] != "serve" and not SHELL_SIGNS & set(command):
        result = CliRunner().invoke(app, words[1:], env={"COLUMNS": "140"}, prog_name="slatewright")
        return result.output + (repr(result.exception) if result.exception else ""), result.exit_code
    if words[:2] == ["slatewright", "serve"]:
        return _serve(words)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PATH": path},
    )
    return done.stdout + done.stderr, done.returncode


def _serve(words: list[str]) -> tuple[str, int]:
    """Run the server for real, at a free port, until it answers; then press Ctrl-C."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("slatewright")
    command = [str(program), *words[1:], "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            ready = _becomes_ready(f"http://127.0.0.1:{port}", process)
        finally:
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=30)
    return said, 0 if ready and process.returncode in {0, 130} else 1


def _becomes_ready(server: str, process: subprocess.Popen[str]) -> bool:
    """Knock until the server answers or is gone."""
    for _ in range(600):
        with contextlib.suppress(OSError, SlatewrightError):
            return bool(get(server, "api", "health", "ready")["ready"])
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.1)
            break
    return False
