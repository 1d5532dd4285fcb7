"""A small trained shop, built once for all workers; every test gets a copy of its own."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import polars as pl
import pytest

from slatewright.core.clock import instant
from slatewright.lifecycle.training import train
from slatewright.serve.running import in_background
from slatewright.simulate.shop import Simulation, simulate
from slatewright.store.shop import Shop

SETTINGS = """
[shop]
name = "Larch & Daughters"

[weights]
view = 1
cart = 3
purchase = 5
internal = 0

[serve]
flush_seconds = 0.2
watch_seconds = 0.05
max_k = 500
max_body_bytes = 200_000
deadline_ms = 60_000  # a busy machine must not change an answer
"""
RECIPE = """
from slatewright.models import ALS, ItemKNN
from slatewright.pipeline import ItemToItemSource, ModelSource, PopularSource, Recipe

recipe = Recipe(
    estimators={"taste": ALS(embedding_dim=8, epochs=4), "together": ItemKNN(n_neighbors=20)},
    sources=(ModelSource("taste", limit=60), ItemToItemSource("together", last=5), PopularSource(limit=30)),
)
"""


def build_shop(root: Path) -> Shop:
    """Simulate, log, train, promote."""
    root.mkdir(parents=True)
    (root / "slatewright.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "recipe.py").write_text(RECIPE, encoding="utf-8")
    shop = Shop.open(root)
    world = simulate(Simulation(users=150, items=80, days=60, rng=7))
    shop.log.append("interactions", world.events)
    shop.log.append("item_updates", updates_of(world.items, "item_id"))
    train(shop, now=instant("2024-04-01"), promote=True)
    return shop


def updates_of(facts: pl.DataFrame, key: str) -> pl.DataFrame:
    """Facts as canonical updates, known since ever."""
    rest = pl.struct(pl.exclude(key)).struct.json_encode()
    at = pl.lit(instant("2023-12-31"), dtype=pl.Int64)
    return facts.select(
        pl.concat_str(pl.lit("fact-"), key).alias("event_id"), key, at.alias("time"), rest.alias("facts")
    )


@pytest.fixture(scope="session")
def trained_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Shared by all tests and workers: read it, never write to it."""
    base = tmp_path_factory.getbasetemp()  # of one worker, where there are several
    common = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "trained-shop"
    common.mkdir(exist_ok=True)
    with (common / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (common / "done").exists():
            shutil.rmtree(common / "shop", ignore_errors=True)
            build_shop(common / "shop")
            (common / "done").touch()
    return Shop.open(common / "shop")


@pytest.fixture
def shop(trained_shop: Shop, tmp_path: Path) -> Shop:
    """A trained shop of one test."""
    shutil.copytree(trained_shop.root, tmp_path / "shop")
    return Shop.open(tmp_path / "shop")


@contextmanager
def client_of(shop: Shop) -> Iterator[httpx.Client]:
    """A client of a running server."""
    with in_background(shop) as url, httpx.Client(base_url=url, timeout=20) as client:
        yield client


@pytest.fixture
def client(shop: Shop) -> Iterator[httpx.Client]:
    """A client of the server of this test's shop."""
    with client_of(shop) as client:
        yield client


@pytest.fixture(scope="session")
def reader(trained_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of one server for all tests that post no events."""
    root = tmp_path_factory.mktemp("reader") / "shop"
    shutil.copytree(trained_shop.root, root)
    with client_of(Shop.open(root)) as client:
        yield client
