"""The shop that the load is offered to, and a server process of it on a processor of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import polars as pl

from slatewright.core.clock import instant, wall_clock
from slatewright.lifecycle.training import train
from slatewright.simulate.shop import Simulation, simulate
from slatewright.store.shop import Shop

SETTINGS = "[shop]\nname = 'bench'\n[weights]\nview = 1\ncart = 3\npurchase = 5\n[serve]\n"
SERVE = (
    "import sys; from slatewright.serve.running import run; from slatewright.store.shop import Shop;"
    "run(Shop.open(sys.argv[1]), port=int(sys.argv[2]))"
)
RECIPES = Path(__file__).parent / "recipes"


@dataclass(frozen=True)
class Size:
    """How large the shop is."""

    users: int
    items: int
    days: int = 60


def made(root: Path, size: Size, recipe: str) -> Shop:
    """A simulated shop, trained and promoted; one that is there already is taken as it is."""
    shop_root = root / f"{size.users}-{size.items}-{recipe}"
    if (shop_root / "bundles" / "live").is_file():
        return Shop.open(shop_root)
    shop_root.mkdir(parents=True)
    (shop_root / "slatewright.toml").write_text(SETTINGS)
    (shop_root / "recipe.py").write_text((RECIPES / f"{recipe}.py").read_text())
    shop = Shop.open(shop_root)
    world = simulate(Simulation(users=size.users, items=size.items, days=size.days))
    shop.log.append("interactions", world.events)
    facts = pl.struct(pl.exclude("item_id")).struct.json_encode().alias("facts")
    known = pl.lit(instant("2023-12-31"), dtype=pl.Int64).alias("time")
    shop.log.append("item_updates", world.items.select("item_id", pl.col("item_id").alias("event_id"), known, facts))
    train(shop, now=wall_clock(), promote=True)
    return shop


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


@contextmanager
def serving(shop: Shop, port: int, *, core: int | None = None, **settings: float) -> Iterator[Server]:
    """A server of the shop with other settings, on one processor where ``core`` names it."""
    lines = [f"{name} = {value}" for name, value in settings.items()]
    (shop.root / "slatewright.toml").write_text(SETTINGS + "\n".join(lines) + "\n")
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(shop.root), str(port)])
    try:
        if core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {core})
        server = Server(port, process)
        with server.client as client:
            while not _is_ready(client):
                assert process.poll() is None, "the server did not start"
                time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait()


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/api/health/ready").status_code == 200
    except httpx.TransportError:
        return False
