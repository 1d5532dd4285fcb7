from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from slatewright.core.errors import BadInput, BadKnob, NotThere
from slatewright.models import Popularity
from slatewright.pipeline import ModelSource, Pipeline, Recipe, load_recipe
from slatewright.pipeline.recipe import default_recipe_text, recipe_digest
from slatewright.testing.town import town_pipeline, town_recipe

OWN = '''
"""A recipe with a stage of its own."""
from __future__ import annotations

from dataclasses import dataclass

from slatewright.models import Popularity
from slatewright.pipeline import PopularSource, Query, Recipe, World


@dataclass(frozen=True)
class EvenOnly:
    name: str = "even only"

    def bind(self, world: World) -> EvenOnly:
        return self

    def keep(self, query: Query, items):
        return items % 2 == 0


recipe = Recipe({"popular": Popularity()}, [PopularSource()], filters=[EvenOnly()])
'''


def test_the_default_recipe_is_short_and_runs() -> None:
    recipe = Recipe.default()
    assert set(recipe.estimators) == {"taste", "together", "popular"}
    assert default_recipe_text().count("\n") < 60


def test_a_recipe_file_may_bring_stages_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "recipe.py"
    path.write_text(OWN)
    recipe = load_recipe(path)
    assert recipe.filters[0].bind(town_pipeline().world).name == "even only"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", r"must define recipe = Recipe\(\.\.\.\), got NoneType"),
        ("import nowhere_at_all", r"ModuleNotFoundError: No module named 'nowhere_at_all' \(line 1\)"),
        ("x = 1\n\nraise ValueError('not today')", r"does not run: ValueError: not today \(line 3\)"),
        ("recipe = = 1", "does not run: SyntaxError"),
    ],
)
def test_a_recipe_that_does_not_run_is_said_so(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "recipe.py"
    path.write_text(text)
    with pytest.raises(BadInput, match=complaint):
        load_recipe(path)


def test_a_recipe_that_is_no_text_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "recipe.py").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="must be UTF-8 text"):
        load_recipe(tmp_path / "recipe.py")


def test_no_recipe_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotThere, match="there is no recipe at"):
        recipe_digest(tmp_path / "recipe.py")


@pytest.mark.parametrize("name", ["", "../up", "a/b", "a b", "x" * 65])
def test_the_name_of_an_estimator_must_do_as_a_folder(name: str) -> None:
    with pytest.raises(BadKnob, match="a name must be letters"):
        Recipe({name: Popularity()}, [])


@dataclass(frozen=True)
class Mute:
    """A stage without its verb."""

    name: str = "mute"

    def bind(self, world: Any) -> "Mute":
        return self


@pytest.mark.parametrize("place", ["sources", "newcomers", "filters", "orders"])
@pytest.mark.parametrize(
    ("stage", "complaint"), [(Mute(), "must return a stage with a name and"), (7, "must have a method bind")]
)
def test_a_stage_without_its_verb_is_refused_when_it_is_bound(place: str, stage: object, complaint: str) -> None:
    with pytest.raises(BadInput, match=f"recipe.{place}: .*{complaint}"):
        Pipeline(town_recipe(**{place: (stage,)}), town_pipeline().world).opened()


def test_a_stage_that_names_a_missing_estimator_is_refused_when_it_is_bound() -> None:
    with pytest.raises(NotThere, match=r"ModelSource\('nope'\)"):
        Pipeline(town_recipe(sources=(ModelSource("nope"),)), town_pipeline().world).opened()
