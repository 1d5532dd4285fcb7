"""A small shop with two bundles, made once; every test that changes it gets a copy."""

import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from slatewright.cli.main import app
from slatewright.core.clock import instant
from slatewright.lifecycle.training import train
from slatewright.pipeline.recipe import default_recipe_text
from slatewright.simulate import Simulation, simulate
from slatewright.store.shop import Shop

SETTINGS = '[shop]\nname = "small"\n[weights]\nview = 1.0\ncart = 3.0\npurchase = 5.0\n'
ONE_STAGE = """
from dataclasses import replace

recipe = replace(recipe, score=recipe.score.otherwise)  # trained in a moment
"""
NOW = instant("2024-04-01")
FEBRUARY = instant("2024-02-15")


@pytest.fixture(scope="session")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated shop: events and facts in the log, the bundle of everything live, an older one on the shelf."""
    root = tmp_path_factory.mktemp("cli") / "shop"
    root.mkdir()
    (root / "slatewright.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "recipe.py").write_text(default_recipe_text() + ONE_STAGE, encoding="utf-8")
    shop, simulated = Shop.open(root), simulate(Simulation(users=150, items=60, days=60))
    shop.log.append("interactions", simulated.events)
    facts = simulated.items.select("item_id", facts=pl.struct("title", "category", "price").struct.json_encode())
    known = pl.lit(instant("2024-01-01")).cast(pl.Datetime("us", "UTC"))
    shop.log.append("item_updates", facts.with_columns(event_id=pl.col("item_id"), time=known))
    train(shop, now=NOW, as_of=FEBRUARY, promote=False)
    train(shop, now=NOW, promote=True)
    return root


@pytest.fixture
def shop(made_shop: Path, tmp_path: Path) -> Path:
    """A copy of the small shop."""
    return Path(shutil.copytree(made_shop, tmp_path / "shop"))


def slatewright(*arguments: object) -> str:
    """What a command prints on standard output; it must end well."""
    result = CliRunner().invoke(app, [str(one) for one in arguments], env={"COLUMNS": "160"})
    assert result.exit_code == 0, f"{result.output}\n{result.exception!r}"
    return result.stdout


def refusal(*arguments: object) -> str:
    """The one line of a command that ends with an expected error."""
    result = CliRunner().invoke(app, [str(one) for one in arguments], env={"COLUMNS": "160"})
    assert result.exit_code == 2, f"{result.output}\n{result.exception!r}"
    return result.stderr
