"""Comparing recipes of a shop."""

from pathlib import Path

import pytest

from slatewright.core.errors import BadInput
from slatewright.lifecycle.comparing import recipes_by_name

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
