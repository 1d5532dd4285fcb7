from pathlib import Path
from typing import Any

import pytest

from slatewright.core.errors import BadInput, BadKnob, NotThere
from slatewright.models import Popularity
from slatewright.pipeline import BlendScore, LearnedScore, PopularSource, Recipe, load_recipe
from slatewright.pipeline.recipe import default_recipe_text, read_recipe
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
    assert default_recipe_text().count("\n") < 95
    assert isinstance(recipe.score, LearnedScore)
    assert recipe.score.otherwise == BlendScore({"taste": 1.0, "together": 1.0, "popular": 0.5})


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
        read_recipe(tmp_path / "recipe.py")


@pytest.mark.parametrize("name", ["", "../up", "a/b", "a b", "x" * 65])
def test_the_name_of_an_estimator_must_do_as_a_folder(name: str) -> None:
    with pytest.raises(BadKnob, match="a name must be letters"):
        Recipe({name: Popularity()}, [])


@pytest.mark.parametrize("estimator", [7, object(), town_recipe()])
def test_an_estimator_must_be_knobs_with_fit(estimator: Any) -> None:
    with pytest.raises(BadKnob, match=r"Recipe\.estimators\['x'\] must be a dataclass with fit\(dataset\)"):
        Recipe({"x": estimator}, [])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"estimators": [Popularity()]}, r"Recipe\.estimators must be a mapping of names to estimators"),
        ({"estimators": {"x": Popularity}}, r"Recipe\.estimators\['x'\] must be a dataclass with fit\(dataset\)"),
        ({"sources": PopularSource()}, r"Recipe\.sources must be a list or tuple of stages, got PopularSource"),
        ({"sources": [PopularSource]}, r"Recipe\.sources: <class .* must have a method bind\(world\)"),
        ({"filters": (7,)}, r"Recipe\.filters: 7 must have a method bind"),
        ({"score": "popular"}, r"Recipe\.score: 'popular' must have a method bind"),
        ({"newcomers": None}, r"Recipe\.newcomers must be a list or tuple"),
    ],
)
def test_what_is_no_recipe_is_refused_before_anything_is_fitted(given: dict[str, Any], message: str) -> None:
    with pytest.raises(BadKnob, match=message):
        Recipe(**{"estimators": {"x": Popularity()}, "sources": [PopularSource()], **given})
