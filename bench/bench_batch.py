"""Slates of all users through the full pipeline: 200 candidates, a ranker of 100 trees on 30 features, MMR to 20.

Bar: 2,000 users a second on two cores, files on the disk, from when every process has put its first part; the start
(imports, opening the bundle, the first calls of compiled code) is told apart. What comes out is held against the
one-request path, item for item.

Run: python bench/bench_batch.py [--items 100000] [--users 20000] [--shops FOLDER] [--processes 2] [--compare 500]
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import harness
import polars as pl

sys.path.insert(0, str(Path(__file__).parent / "serve"))

import shops

from slatewright.core.clock import wall_clock
from slatewright.pipeline.request import Request
from slatewright.serve.asking import query_of
from slatewright.serve.batching import Wish, batch
from slatewright.serve.batching.job import Job
from slatewright.serve.batching.making import Kitchen
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop

NARROWED = """
from dataclasses import replace

SOURCES = (NearestSource("taste", limit=160), ItemToItemSource("together", last=5, limit=20), PopularSource(limit=40))
recipe = replace(recipe, sources=SOURCES, candidates=200)
"""
K = 20
BAR = 2000


def shop_at(root: Path, users: int, items: int) -> Shop:
    """The shop of the benches of the server, with fewer candidates; one that is there already is taken as it is."""
    recipes = root / "recipes"
    recipes.mkdir(parents=True, exist_ok=True)
    (recipes / "narrowed.py").write_text((shops.RECIPES / "full.py").read_text() + NARROWED)
    shops.RECIPES = recipes
    return shops.made(root, shops.Size(users, items), "narrowed")


@dataclass
class Clock:
    """Hears how far the batch is."""

    processes: int
    at: list[tuple[float, int]] = field(default_factory=list)

    def __call__(self, step: str, done: int, total: int) -> None:
        if step == "make slates":
            self.at.append((time.perf_counter(), done))

    def rate(self) -> float:
        """Users a second from when every process has put a part to the last part."""
        (start, before), (end, after) = self.at[self.processes], self.at[-1]
        return (after - before) / (end - start)


def differing(shop: Shop, out: Path, now: int, few: int) -> int:
    """How many of the first users get another item, source or order from the one-request path."""
    version = Shelf(shop.bundles).live() or ""
    kitchen = Kitchen.of(shop, Job("", version, now, K, "", "", 0))
    slates = pl.read_parquet(out / "*.parquet")
    users = slates["user_id"].unique(maintain_order=True).head(few)
    wanted = (
        slates.filter(pl.col("user_id").is_in(users.implode())).group_by("user_id").agg("item_id", "source", "slate_id")
    )
    rows = {user: (items, sources, ids[0]) for user, items, sources, ids in wanted.rows()}
    different = 0
    for user in users:
        slate = kitchen.bundle.pipeline.answer(query_of(kitchen.bundle, Request(K, now, user), kitchen.live.read(user)))
        one = [item.item_id for item in slate.items], [item.source for item in slate.items], slate.slate_id
        different += one != rows[user]
    return different


def main(asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = shop_at(asked.shops or Path(folder) / "shops", asked.users, asked.items)
        out, now, clock = Path(folder) / "slates", wall_clock(), Clock(asked.processes)
        start = time.perf_counter()
        done = batch(shop, Wish(str(out), K, part_users=asked.part), now=now, processes=asked.processes, progress=clock)
        seconds = time.perf_counter() - start
        different = differing(shop, out, now, asked.compare)
        size = sum(path.stat().st_size for path in out.iterdir())
    harness.record(
        "batch",
        {
            "what": f"slates of {K} for {done.users:,} users of {asked.items:,} items: 200 candidates, 100 trees on "
            "30 features, MMR; to Parquet",
            "processes": asked.processes,
            "users_per_s": round(clock.rate()),
            "seconds_in_all": round(seconds, 2),
            "users_per_s_with_start": round(done.users / seconds),
            "bytes_per_user": round(size / done.users),
            "compared_one_by_one": min(asked.compare, done.users),
            "different": different,
            "bar_users_per_s": BAR,
            "holds": clock.rate() >= BAR and different == 0,
        },
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--items", type=int, default=100_000)
    options.add_argument("--users", type=int, default=20_000)
    options.add_argument("--shops", type=Path)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--compare", type=int, default=500)
    options.add_argument("--part", type=int, default=1000)
    main(options.parse_args())
