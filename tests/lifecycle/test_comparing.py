"""Comparing recipes of a shop."""

from pathlib import Path

import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput
from slatewright.data.splits import GlobalTime
from slatewright.evaluate.comparing import Comparing
from slatewright.lifecycle.comparing import Wish, compare_recipes, recipes_by_name
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.reproducing import reproduce
from slatewright.store.runs import Runs
from slatewright.testing.shops import town_shop

RECIPE = """
from slatewright.models import Popularity
from slatewright.pipeline import ModelSource, Recipe
recipe = Recipe(estimators={"p": Popularity()}, sources=(ModelSource("p"),))
"""


def written(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(RECIPE, encoding="utf-8")
    return path


def test_recipes_are_named_by_their_files_and_if_need_be_by_their_folders(tmp_path: Path) -> None:
    paths = [written(tmp_path / "a", "one.py"), written(tmp_path / "b", "one.py"), written(tmp_path / "b", "two.py")]
    assert list(recipes_by_name(paths)) == ["a/one", "b/one", "two"]


def test_a_folder_goes_by_its_own_name_however_it_is_pointed_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "a", "recipe.py")
    written(tmp_path / "b", "recipe.py")
    monkeypatch.chdir(tmp_path / "a")
    assert list(recipes_by_name([Path("recipe.py"), Path("../b/recipe.py")])) == ["a/recipe", "b/recipe"]


def test_the_same_recipe_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a", "one.py")
    with pytest.raises(BadInput, match="a recipe is compared once: 'a/one' is given 2 times"):
        recipes_by_name([path, path])


def test_popularity_is_there_already(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="give the recipe file another name"):
        recipes_by_name([written(tmp_path / "a", "popularity.py")])


def test_a_recipe_that_does_not_run_is_refused_before_anything_is_trained(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("recipe = 1", encoding="utf-8")
    with pytest.raises(BadInput, match="must define recipe"):
        recipes_by_name([written(tmp_path / "a", "one.py"), path])


def test_a_comparison_is_a_run_that_can_be_done_again(tmp_path: Path) -> None:
    shop, now = town_shop(tmp_path / "shop"), instant("2026-03-01")
    recorder = Recorder(now, lambda: now + 1, lambda message: None)
    files = [written(tmp_path / "a", "one.py"), written(tmp_path / "b", "one.py"), shop.recipe]
    how = Comparing(metrics=("recall", "ndcg"), test="t")
    found = compare_recipes(shop, GlobalTime(at="2024-02-10"), Wish(tuple(files), 7, how), recorder=recorder)
    run = Runs(shop.runs).read("last")
    assert (run.kind, run.arguments["recipes"]) == ("compare", ["a/one", "b/one", "recipe"])
    assert run.headline["best"] == found.names[0]
    assert run.headline["popularity recall@7"] == run.metrics[found.question]["popularity"]["recall"]["value"]
    assert len(run.metrics["differences"]) == 6
    for file in files:
        file.write_text("recipe = None", encoding="utf-8")
    assert reproduce(shop, run, recorder=recorder).same
