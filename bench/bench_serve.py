"""How fast the server is: from a posted event to a changed slate, and slates alone, over real HTTP to a real process.

Bar: 99 of 100 times, less than 100 ms from the POST to a slate without the item that was seen (idle server).

Run: python bench/bench_serve.py [--users 5000] [--items 5000] [--rounds 400]
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import harness
import httpx
import numpy as np
import polars as pl

from slatewright.core.clock import instant, wall_clock
from slatewright.lifecycle.training import train
from slatewright.pipeline.recipe import default_recipe_text
from slatewright.simulate.shop import Simulation, simulate
from slatewright.store.shop import Shop

BAR_MS = 100.0
SETTINGS = "[shop]\nname = 'bench'\n[weights]\nview = 1\ncart = 3\npurchase = 5\n"
SERVE = (
    "import sys; from slatewright.serve.running import run; from slatewright.store.shop import Shop;"
    "run(Shop.open(sys.argv[1]), port=int(sys.argv[2]))"
)


def make_shop(root: Path, users: int, items: int, *, recipe: str | None = None) -> Shop:
    """A simulated shop, trained and promoted, with the default recipe unless the text of another is given."""
    (root / "slatewright.toml").write_text(SETTINGS)
    (root / "recipe.py").write_text(recipe or default_recipe_text())
    shop = Shop.open(root)
    world = simulate(Simulation(users=users, items=items, days=90))
    shop.log.append("interactions", world.events)
    facts = pl.struct(pl.exclude("item_id")).struct.json_encode().alias("facts")
    known = pl.lit(instant("2023-12-31"), dtype=pl.Int64).alias("time")
    shop.log.append("item_updates", world.items.select("item_id", pl.col("item_id").alias("event_id"), known, facts))
    train(shop, now=wall_clock(), promote=True)
    return shop


@contextmanager
def serving(shop: Shop) -> Iterator[httpx.Client]:
    """A server process, ready."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(shop.root), str(port)])
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            while not is_ready(client):
                time.sleep(0.05)
            yield client
    finally:
        server.terminate()
        server.wait()


def is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/api/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def slate_of(client: httpx.Client, user: str) -> list[str]:
    return [item["item_id"] for item in client.get(f"/api/recommend/{user}", params={"k": 20}).json()["items"]]


def react(client: httpx.Client, user: str) -> float:
    """Milliseconds from the POST to the first slate of that user without the item."""
    item = slate_of(client, user)[0]
    start = time.perf_counter()
    event = {"user_id": user, "item_id": item, "kind": "view"}
    client.post("/api/events", json={"interactions": [event]}).raise_for_status()
    while item in slate_of(client, user):
        pass
    return (time.perf_counter() - start) * 1000


def milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def spread(times: list[float]) -> dict[str, float]:
    return {f"p{at}_ms": round(float(np.percentile(times, at)), 2) for at in (50, 99)} | {
        "max_ms": round(max(times), 2)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=5000)
    parser.add_argument("--items", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=400)
    asked = parser.parse_args()
    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, serving(make_shop(Path(folder), asked.users, asked.items)) as client:
        users = [f"u{at % asked.users:05}" for at in range(1, asked.rounds + 1)]
        for user in users[:20]:
            react(client, f"warm-up-{user}")
        slates = [milliseconds(partial(slate_of, client, user)) for user in users]
        reactions = [react(client, user) for user in users]
        newcomers = [react(client, f"newcomer-{at}") for at in range(asked.rounds // 4)]
    reaction = spread(reactions)
    entry = {
        "users": asked.users,
        "items": asked.items,
        "rounds": asked.rounds,
        "load_average_before": round(busy, 1),
        "post_to_changed_slate": reaction,
        "post_to_changed_slate_of_newcomers": spread(newcomers),
        "slate_of_20": spread(slates),
        "bar_p99_ms": BAR_MS,
        "met": reaction["p99_ms"] < BAR_MS,
    }
    harness.record("serve", entry)


if __name__ == "__main__":
    main()
