"""Two runs side by side: only what differs."""

from pathlib import Path

import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import NotThere
from slatewright.data.splits import GlobalTime
from slatewright.lifecycle.differing import diff_runs
from slatewright.lifecycle.evaluating import evaluate_shop
from slatewright.lifecycle.recording import Recorder
from slatewright.store.flattening import Change
from slatewright.store.run import Run
from slatewright.store.runs import Runs
from slatewright.store.shop import Shop
from slatewright.testing.shops import town_shop

NOW = instant("2026-03-01")
SPLIT = GlobalTime(at="2024-02-10")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return town_shop(tmp_path / "shop")


def evaluated(shop: Shop, k: int = 5) -> Run:
    evaluate_shop(shop, SPLIT, k=k, recorder=Recorder(NOW, lambda: NOW + 9, lambda message: None))
    return Runs(shop.runs).read("last")


def test_the_same_twice_differs_in_nothing(shop: Shop) -> None:
    found = diff_runs(shop, evaluated(shop), evaluated(shop))
    assert not found
    assert not any(found.parts.values())


def test_a_knob_shows_as_a_knob_as_a_line_of_the_recipe_and_in_the_numbers(shop: Shop) -> None:
    before = evaluated(shop)
    shop.recipe.write_text(shop.recipe.read_text().replace("epochs=4", "epochs=1"))
    found = diff_runs(shop, before, evaluated(shop))
    assert found
    assert found.parts["knobs"] == (Change("estimators/taste/epochs", 4, 1),)
    assert {part for part, changes in found.parts.items() if changes} == {"knobs", "metrics"}
    assert all("taste alone" in one.name or "pipeline" in one.name for one in found.parts["metrics"])
    lines = found.recipes["recipe.py"].splitlines()
    assert next(line for line in lines if line[0] in "+-").startswith(f"--- {before.id}")
    assert sum("epochs=1" in line for line in lines if line.startswith("+")) == 1


def test_arguments_show_and_a_lost_recipe_is_named(shop: Shop) -> None:
    before, after = evaluated(shop, 5), evaluated(shop, 6)
    assert diff_runs(shop, before, after).parts["arguments"] == (Change("k", 5, 6),)
    shop.recipe.write_text(shop.recipe.read_text() + "\n")
    changed = evaluated(shop, 6)
    (shop.recipes / f"{changed.recipes['recipe.py']}.py").unlink()
    with pytest.raises(NotThere, match="recipe of this run is missing"):
        diff_runs(shop, after, changed)
