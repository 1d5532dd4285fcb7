"""The shop that the load is offered to, and a server process of it on a processor of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from bench_serve import SERVE, SETTINGS, is_ready, make_shop

from slatewright.store.shop import Shop

WORKERS = (
    "import sys; from slatewright.serve.running import settings_of; from slatewright.store.shop import Shop;"
    "from slatewright.serve.workers.supervising import supervise; shop = Shop.open(sys.argv[1]);"
    "supervise(shop, settings_of(shop, None, int(sys.argv[2])), int(sys.argv[3]))"
)
RECIPES = Path(__file__).parent / "recipes"


@dataclass(frozen=True)
class Size:
    """How large the shop is."""

    users: int
    items: int


def made(root: Path, size: Size, recipe: str) -> Shop:
    """A simulated shop, trained and promoted; one that is there already is taken as it is."""
    shop_root = root / f"{size.users}-{size.items}-{recipe}"
    if (shop_root / "bundles" / "live").is_file():
        return Shop.open(shop_root)
    shop_root.mkdir(parents=True)
    return make_shop(shop_root, size.users, size.items, recipe=(RECIPES / f"{recipe}.py").read_text())


@dataclass(frozen=True)
class Server:
    """A running server: its port and its process."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def client(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)

    def resident_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@dataclass(frozen=True)
class Way:
    """How a server is started: on one processor, in an environment, by another command, with a copy of the shop, with
    several processes."""

    core: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    through: tuple[str, ...] = ()
    root: Path | None = None
    workers: int = 1

    def command(self, shop: Shop, port: int) -> list[str]:
        """The server, on the command line."""
        where = [str(self.root or shop.root), str(port)]
        started = ["-c", SERVE, *where] if self.workers == 1 else ["-c", WORKERS, *where, str(self.workers)]
        return [*self.through, sys.executable, *started]


def workers_of(client: httpx.Client) -> int:
    """Processes that answer."""
    lines = client.get("/metrics").text.splitlines()
    return sum(int(float(line.split()[-1])) for line in lines if line.startswith("slatewright_workers "))


@contextmanager
def serving(shop: Shop, way: Way = Way(), **settings: float | str) -> Iterator[Server]:
    """A server of the shop with other settings."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    lines = [f"{name} = {value}" for name, value in settings.items()]
    (shop.root / "slatewright.toml").write_text(SETTINGS + "[serve]\n" + "\n".join(lines) + "\n")
    path = os.pathsep.join(filter(None, [str(RECIPES), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, **way.environment}
    process = subprocess.Popen(way.command(shop, port), env=environment)
    try:
        if way.core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {way.core})
        server = Server(port, process)
        with server.client as client:
            while not (is_ready(client) and workers_of(client) >= way.workers):
                assert process.poll() is None, "the server did not start"
                time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait()
