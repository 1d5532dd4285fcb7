"""Fixtures that every test may use.

A test that needs something from outside (a browser, a database server, the real data sets) asks for a fixture here
and is skipped where that is absent. Under ``SLATEWRIGHT_REQUIRE_ALL=1``, as in CI, an absent program fails it instead.
The real data sets may not be handed on, so they may be absent everywhere.
"""

import atexit
import gc
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The same examples on every run, and no deadline: a kernel compiles on its first call.
settings.register_profile("slatewright", deadline=None, derandomize=True, database=None)
settings.load_profile("slatewright")

# Many tests start processes of their own. Each would compile all sources anew, a second's work, where it may not keep
# what it compiled; and networks that are trained for a few steps are compiled quickly, and once for all processes.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")
if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
    compiled = tempfile.mkdtemp(prefix="slatewright-compiled-")
    atexit.register(shutil.rmtree, compiled, ignore_errors=True)  # by whoever made it: workers find it made
    os.environ["JAX_COMPILATION_CACHE_DIR"] = compiled
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
    os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"

ROOT = Path(__file__).parents[1]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_finish() -> None:
    """Ten thousand tests stay as they are until the end: the search for garbage need not look through them."""
    gc.freeze()


def absent(message: str) -> None:
    """Skip the running test, or fail it where everything must be there."""
    if os.environ.get("SLATEWRIGHT_REQUIRE_ALL") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Tests send SIGINT, which a shell makes commands ignore that it starts in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data sets; a test that asks for it is skipped where there is none."""
    folder = Path(os.environ.get("SLATEWRIGHT_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; set SLATEWRIGHT_DATA to the folder that holds it")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium or Chrome that Playwright may drive."""
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        absent(f"no browser: none of {', '.join(CHROMIUM_NAMES)} is on the PATH; on Debian: apt-get install chromium")
    return str(path)


@pytest.fixture(scope="session")
def postgres_programs() -> Path:
    """The folder of PostgreSQL's server programs (``initdb``, ``pg_ctl``)."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = debian[-1] if debian else shutil.which("initdb")
    if found is None:
        absent("no PostgreSQL server: initdb is not on the PATH; on Debian: apt-get install postgresql")
    return Path(str(found)).parent


@pytest.fixture(scope="session")
def postgres(postgres_programs: Path) -> Iterator[str]:
    """The URL of a fresh PostgreSQL server on a Unix socket and a free port; it refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="slatewright-postgres-", dir="/tmp"))
    user = None
    if os.geteuid() == 0:
        user = next(name for name in ("postgres", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()})
        shutil.chown(folder, user)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"

    def server(program: str, *arguments: object) -> None:
        command: list[Any] = [postgres_programs / program, "-D", data, *arguments]
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    server("initdb", "-U", "ann", "--auth=trust", "-N")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    server("pg_ctl", "-w", "-l", folder / "server.log", "-o", options, "start")
    try:
        yield f"postgresql://ann@127.0.0.1:{port}/postgres"
    finally:
        server("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis server of this test process, on a socket of its own; it is emptied by whoever fills it."""
    program = shutil.which("redis-server")
    if program is None:
        absent("no Redis: redis-server is not on the PATH; on Debian: apt-get install redis-server")
    folder = tmp_path_factory.mktemp("redis")
    socket = Path(tempfile.mkdtemp(prefix="slatewright-")) / "redis.sock"  # the path of a socket must be short
    options = ["--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([str(program), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not socket.exists() and server.poll() is None:
            threading.Event().wait(0.01)
        assert server.poll() is None, "redis-server did not start"
        yield f"unix://{socket}"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(socket.parent)
