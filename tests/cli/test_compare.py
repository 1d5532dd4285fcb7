"""slatewright compare"""

import json
from pathlib import Path

from typer.testing import CliRunner

from slatewright.cli.main import app

from .conftest import refusal, slatewright

TASTE = """
from slatewright.models import ItemKNN
from slatewright.pipeline import ModelSource, Recipe
recipe = Recipe(estimators={"knn": ItemKNN()}, sources=(ModelSource("knn"),))
"""
NOTHING_BUT_POPULAR = """
from slatewright.models import Popularity
from slatewright.pipeline import ModelSource, Recipe
recipe = Recipe(estimators={"p": Popularity()}, sources=(ModelSource("p"),))
"""


def recipe(shop: Path, name: str, text: str) -> Path:
    path = shop / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_recipes_stand_beside_each_other_and_popularity(shop: Path) -> None:
    text = slatewright("compare", shop / "recipe.py", recipe(shop, "taste", TASTE), "--shop", shop, "--k", 5)
    for word in ("recipe", "taste", "popularity", "NDCG@5", "behind the best", "randomisation test"):
        assert word in text
    assert json.loads(slatewright("runs", "--shop", shop, "--kind", "compare", "--json"))[0]["headline"]["best"]
    for kind in ("json", "md", "html"):
        assert (shop / "reports" / f"comparison.{kind}").is_file()


def test_json_metrics_and_correction(shop: Path) -> None:
    taste = recipe(shop, "taste", TASTE)
    options = ("--metric", "recall", "--metric", "map", "--test", "t", "--correction", "none", "--json")
    answer = json.loads(slatewright("compare", taste, "--shop", shop, *options))
    assert answer["metrics"] == ["recall", "map"]
    assert {one["name"] for one in answer["contenders"]} == {"taste", "popularity"}
    assert all(one["p"] == one["adjusted"] for one in answer["differences"])
    assert json.loads((shop / "reports" / "comparison.json").read_bytes()) == answer


def test_without_recipes_the_one_of_the_shop_is_judged(shop: Path) -> None:
    answer = json.loads(slatewright("compare", "--shop", shop, "--json"))
    assert {one["name"] for one in answer["contenders"]} == {"recipe", "popularity"}


def test_validation_lies_before_the_test_part(shop: Path) -> None:
    taste = recipe(shop, "taste", TASTE)
    later = json.loads(slatewright("compare", taste, "--shop", shop, "--at", "2024-02-20", "--json"))
    inner = json.loads(slatewright("compare", taste, "--shop", shop, "--at", "2024-02-20", "--validation", "--json"))
    assert inner["as_of"] < later["as_of"]


def test_a_script_can_insist_on_beating_popularity(shop: Path) -> None:
    popular = recipe(shop, "popular", NOTHING_BUT_POPULAR)
    asked = ["compare", str(popular), "--shop", str(shop), "--must-beat"]
    assert CliRunner().invoke(app, asked).exit_code == 1
    assert CliRunner().invoke(app, asked[:-1]).exit_code == 0


def test_what_cannot_be_compared_is_refused(shop: Path) -> None:
    assert "'ndgc'" in refusal("compare", "--shop", shop, "--metric", "ndgc")
    assert "no recipe" in refusal("compare", shop / "nosuch.py", "--shop", shop)
    assert "Comparing.level" in refusal("compare", "--shop", shop, "--level", "2")
