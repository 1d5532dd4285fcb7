"""slatewright serve"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from slatewright.cli.loopback import get
from slatewright.core.errors import SlatewrightError
from tests.ports import free_port

from .conftest import refusal


def knock(server: str, process: subprocess.Popen[str]) -> object:
    """What the server says about itself once it answers."""
    while process.poll() is None:
        try:
            return get(server, "api", "health", "ready")
        except (OSError, SlatewrightError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
    return None


def test_it_serves_at_the_port_asked_for_until_ctrl_c(shop: Path) -> None:
    port = free_port()
    command = [sys.executable, "-c", "from slatewright.cli.main import main; main()", "serve", "--port", str(port)]
    environment = {**os.environ, "SLATEWRIGHT_SHOP": str(shop)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            ready = knock(f"http://127.0.0.1:{port}", process)
            get(f"http://127.0.0.1:{port}", "api", "recommend", "somebody")
        finally:
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)
    assert isinstance(ready, dict)
    assert ready["ready"] is True
    assert f"shop page http://127.0.0.1:{port}/" in said
    assert "Traceback" not in said
    assert "somebody" not in said  # who asks is nothing for a log
    assert process.returncode == 130


@pytest.mark.parametrize("workers", [1, 2])
def test_a_port_that_is_taken_is_one_line(shop: Path, workers: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refusal("serve", "--shop", shop, "--port", port, "--workers", workers)
    assert f"cannot listen on 127.0.0.1:{port}" in said
    assert "http://" not in said  # nobody is told of a page that is somebody else's


def test_settings_out_of_range_are_named(shop: Path) -> None:
    with (shop / "slatewright.toml").open("a", encoding="utf-8") as settings:
        settings.write("[serve]\nport = 99999\n")
    assert "slatewright.toml [serve]: Serving.port must be <= 65535, got 99999" in refusal("serve", "--shop", shop)
