"""Comparing recipes of a shop on the same cases."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

from slatewright.core.errors import BadInput
from slatewright.core.knobs import from_mapping
from slatewright.data.splits import Cases, Chosen, Fold, card_of
from slatewright.evaluate import Recommender
from slatewright.evaluate.comparing import Comparing, Comparison, compare
from slatewright.evaluate.comparing.markdown import markdown
from slatewright.evaluate.comparing.numbers import headline_of, metrics_of
from slatewright.evaluate.comparing.page import render_html
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.lists import lists_of
from slatewright.lifecycle.folds import besides_of, fold_of_shop
from slatewright.lifecycle.publishing import publish
from slatewright.lifecycle.recording import Outcome, Recorder, record_run
from slatewright.models import ItemLists
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import Recipe, read_recipe, run_recipe
from slatewright.pipeline.recipe_knobs import recipe_knobs
from slatewright.pipeline.teaching.besides import Besides
from slatewright.store.run import Json
from slatewright.store.shop import Shop


@dataclass(frozen=True)
class Wish:
    """Which recipe files to compare by lists of how many items, and ``how`` to tell a real difference from chance.

    ``on_validation`` judges inside the training part: for choosing between recipes.
    """

    recipes: tuple[Path, ...]
    k: int = 20
    how: Comparing = field(default_factory=Comparing)
    on_validation: bool = False

    def as_dict(self, names: Sequence[str]) -> dict[str, Json]:
        """Plain data, enough to wish the same again; the recipes by ``names``, for their files may move."""
        how = {**asdict(self.how), "metrics": list(self.how.metrics)}
        return {"recipes": list(names), "k": self.k, "how": how, "on_validation": self.on_validation}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Json], folder: Path) -> "Wish":
        """What ``as_dict`` gave, the recipes lying in a folder under their names."""
        how = from_mapping(Comparing, {**kept["how"], "metrics": tuple(kept["how"]["metrics"])}, where="the run")
        return cls(tuple(folder / file_of(name) for name in kept["recipes"]), kept["k"], how, kept["on_validation"])


@dataclass(frozen=True)
class RecipeFile:
    """A recipe and the content of the file that it was read from."""

    recipe: Recipe
    content: bytes


def compare_recipes(
    shop: Shop, split: Chosen, wish: Wish, *, progress: Progress = silent, recorder: Recorder | None = None
) -> Comparison:
    """Train each recipe on what was known before the cut of the split, and compare their slates by what came after.

    One pipeline is in memory at a time. JSON, Markdown and a page go into the shop's reports. With a ``recorder`` the
    run is recorded, so that it can be reproduced.

    Raises:
        Leak: the audit found that the test part was known to training; the message says why.
        BadInput: a recipe does not run, two have the same name, or one side of the cut is empty.
    """
    shop = shop.pinned()
    named = recipes_by_name(wish.recipes)  # all of them run before anything is trained
    progress("read the log", 0, 1 + len(named))
    fold = fold_of_shop(shop, split, on_validation=wish.on_validation)
    contenders: Mapping[str, Recommender] = {
        name: _fitted_when_asked(one.recipe, fold, besides_of(shop, split, fold)) for name, one in named.items()
    }
    found = compare(contenders, fold, k=wish.k, how=wish.how, progress=progress)
    files = _files(shop, found)
    publish(shop, files)
    if recorder is not None:
        arguments = {"split": card_of(split), **wish.as_dict(list(named))}
        record_run(shop, _outcome(found, fold, named, arguments, files), recorder)
    return found


def file_of(name: str) -> str:
    """Where the record of a run keeps the recipe of this name."""
    return f"{name}.py"


def recipes_by_name(paths: Sequence[Path]) -> dict[str, RecipeFile]:
    """The recipes by the names of their files, those of the same name by their folder too.

    Raises:
        BadInput: one does not run or is named twice, or is called "popularity".
    """
    stems = [path.stem for path in paths]
    names = [path.stem if stems.count(path.stem) == 1 else _with_folder(path) for path in paths]
    for name in names:
        if names.count(name) > 1:
            raise BadInput(f"a recipe is compared once: {name!r} is given {names.count(name)} times")
        if name == BASELINE:
            raise BadInput(f"{BASELINE!r} is measured in every comparison: give the recipe file another name")
    contents = [read_recipe(path) for path in paths]
    return {
        name: RecipeFile(run_recipe(content, str(path)), content)
        for name, path, content in zip(names, paths, contents, strict=True)
    }


def _with_folder(path: Path) -> str:
    """``shop/recipe``: the folder by its own name, also where the path says ``.`` or ``..``."""
    return f"{path.resolve().parent.name}/{path.stem}".lstrip("/")


def _fitted_when_asked(recipe: Recipe, fold: Fold, known: Besides) -> Recommender:
    def asked(cases: Cases, k: int) -> ItemLists:
        return lists_of(Pipeline.fit(recipe, fold.train, besides=known), cases, k)

    return asked


def _files(shop: Shop, found: Comparison) -> dict[str, bytes]:
    return {
        "comparison.json": orjson.dumps(found.as_dict(), option=orjson.OPT_INDENT_2),
        "comparison.md": f"# Comparison\n\n{markdown(found)}".encode(),
        "comparison.html": render_html(found, shop=shop.name).encode(),
    }


def _outcome(
    found: Comparison,
    fold: Fold,
    named: Mapping[str, RecipeFile],
    arguments: Mapping[str, Json],
    files: Mapping[str, bytes],
) -> Outcome:
    return Outcome(
        kind="compare",
        arguments=arguments,
        data=fold,
        recipes={file_of(name): one.content for name, one in named.items()},
        knobs={name: recipe_knobs(one.recipe) for name, one in named.items()},
        metrics=metrics_of(found),
        headline=headline_of(found),
        seed=arguments["how"]["rng"],
        files=files,
    )
