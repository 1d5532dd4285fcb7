"""slatewright plan"""

import json
from pathlib import Path

import pytest

from slatewright.cli import plan
from slatewright.pipeline import learning

from .conftest import refusal, slatewright

PAIRS = """
from slatewright.models import EASE
from slatewright.pipeline.recipe import Recipe

recipe = Recipe(estimators={"pairs": EASE()}, sources=())
"""


def test_the_recipe_of_a_shop_is_planned(shop: Path) -> None:
    text = slatewright("plan", "--shop", shop)
    assert "read the events" in text
    assert "which fits" in text


def test_a_shop_that_is_not_there_yet_and_the_whole_house(tmp_path: Path) -> None:
    sizes = ("--users", 1000000, "--items", 3000000, "--events", 5000000)
    answer = json.loads(slatewright("plan", "--shop", tmp_path, "--all", "--json", *sizes))
    steps = {step["what"]: step for step in answer["steps"]}
    assert not steps["EASE"]["fits"]  # 36 TB
    assert steps["Popularity"]["seconds"] >= 0
    assert answer["size"]["n_items"] == 3000000
    text = slatewright("plan", "--shop", tmp_path, "--all", *sizes)
    assert "not told" in next(line for line in text.splitlines() if " SASRec " in line)
    refused = text.split("does not fit: ")[1].strip().split(", ")
    assert "EASE" in refused
    assert "Popularity" not in refused


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_recipe_that_cannot_fit_is_refused_and_what_can_is_named(
    form: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "free_bytes", lambda: 2 * 10**9)
    (tmp_path / "recipe.py").write_text(PAIRS, encoding="utf-8")
    sizes = ("--users", 100_000, "--items", 50_000, "--events", 1_000_000)
    told = refusal("plan", "--shop", tmp_path, *sizes, *form)
    assert "EASE under the name 'pairs' needs about 10" in told
    assert "these fit: " in told
    assert "ItemKNN" in told


def test_what_cannot_even_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "free_bytes", lambda: 10**9)
    sizes = ("--users", 10**6, "--items", 10**6, "--events", 10**8)
    assert "reading 100,000,000 events" in refusal("plan", "--shop", tmp_path, *sizes)


def test_training_refuses_before_it_starts_and_names_what_fits(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "free_bytes", lambda: 300_000)
    told = refusal("train", "--shop", shop)
    assert "needs about" in told
    assert "these fit: " in told
    assert "Popularity" in told


def test_half_a_size_is_refused(tmp_path: Path) -> None:
    assert "--users, --items and --events" in refusal("plan", "--shop", tmp_path, "--users", 5)
