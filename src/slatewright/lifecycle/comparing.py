"""Comparing recipes of a shop on the same cases."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson

from slatewright.core.errors import BadInput
from slatewright.data.splits import Cases, Chosen, Fold
from slatewright.evaluate import Recommender
from slatewright.evaluate.comparing import Comparing, Comparison, compare
from slatewright.evaluate.comparing.markdown import markdown
from slatewright.evaluate.comparing.page import render_html
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.lists import lists_of
from slatewright.lifecycle.folds import fold_of_shop
from slatewright.models import ItemLists
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import Recipe, load_recipe
from slatewright.store.files import replace_text
from slatewright.store.shop import Shop


def compare_recipes(
    shop: Shop,
    recipes: Sequence[Path],
    split: Chosen,
    *,
    k: int = 20,
    how: Comparing | None = None,
    on_validation: bool = False,
    progress: Progress = silent,
) -> Comparison:
    """Train each recipe on what was known before the cut of the split, and compare their slates by what came after.

    One pipeline is in memory at a time. JSON, Markdown and a page go into the shop's reports.

    Raises:
        BadInput: a recipe does not run, two have the same name, or one side of the cut is empty.
    """
    named = recipes_by_name(recipes)  # all of them run before anything is trained
    progress("read the log", 0, 1 + len(named))
    fold = fold_of_shop(shop, split, on_validation=on_validation)
    contenders: Mapping[str, Recommender] = {name: _fitted_when_asked(one, fold) for name, one in named.items()}
    found = compare(contenders, fold, k=k, how=how, progress=progress)
    _keep(shop, found)
    return found


def recipes_by_name(paths: Sequence[Path]) -> dict[str, Recipe]:
    """The recipes by the names of their files, those of the same name by their folder too.

    Raises:
        BadInput: one does not run or is named twice, or is called "popularity".
    """
    stems = [path.stem for path in paths]
    names = [path.stem if stems.count(path.stem) == 1 else f"{path.parent.name}/{path.stem}" for path in paths]
    for name in names:
        if names.count(name) > 1:
            raise BadInput(f"a recipe is compared once: {name!r} is given {names.count(name)} times")
        if name == BASELINE:
            raise BadInput(f"{BASELINE!r} is measured in every comparison: give the recipe file another name")
    return {name: load_recipe(path) for name, path in zip(names, paths, strict=True)}


def _fitted_when_asked(recipe: Recipe, fold: Fold) -> Recommender:
    def asked(cases: Cases, k: int) -> ItemLists:
        return lists_of(Pipeline.fit(recipe, fold.train), cases, k)

    return asked


def _keep(shop: Shop, found: Comparison) -> None:
    shop.reports.mkdir(parents=True, exist_ok=True)
    name = str(shop.section("shop").get("name", shop.root.name))
    replace_text(shop.reports / "comparison.json", orjson.dumps(found.as_dict(), option=orjson.OPT_INDENT_2).decode())
    replace_text(shop.reports / "comparison.md", f"# Comparison\n\n{markdown(found)}")
    replace_text(shop.reports / "comparison.html", render_html(found, shop=name))
