"""Diagnosing a model of a shop's recipe, where it stands."""

from collections.abc import Mapping
from dataclasses import asdict

import orjson

from slatewright.core.errors import NotThere
from slatewright.core.memory import free_bytes
from slatewright.data.splits import Chosen, Fold, card_of
from slatewright.evaluate import By
from slatewright.evaluate.diagnosis.diagnosing import Diagnosing, diagnose
from slatewright.evaluate.diagnosis.diagnosis import Diagnosis
from slatewright.evaluate.diagnosis.markdown import markdown
from slatewright.evaluate.diagnosis.page import render_html
from slatewright.lifecycle.folds import fold_of_shop
from slatewright.lifecycle.publishing import publish
from slatewright.lifecycle.recording import Outcome, Recorder, record_run
from slatewright.models.costs import Size
from slatewright.models.neural.engine.choosing import engine_runs
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.planning import check_room
from slatewright.pipeline.recipe import Recipe, read_recipe, run_recipe
from slatewright.pipeline.recipe_knobs import recipe_knobs
from slatewright.store.run import Json
from slatewright.store.shop import RECIPE, Shop


def diagnose_shop(
    shop: Shop,
    split: Chosen,
    *,
    model: str | None = None,
    how: Diagnosing | None = None,
    on_test: bool = False,
    progress: Progress = silent,
    recorder: Recorder | None = None,
) -> Diagnosis:
    """Diagnose a model of the shop's recipe (none named: the first one) on the validation part of its split.

    ``on_test`` judges by the test part instead, which is then used up for choosing. A page, Markdown and JSON go into
    the shop's reports. With a ``recorder`` the run is recorded, so that it can be reproduced.

    Raises:
        NotThere: the recipe has no such model.
        NoRoom: it needs more memory than there is.
        BadInput: the recipe does not run, one side of the split is empty, or anything else that ``diagnose`` refuses.
        BadKnob, Leak: as ``diagnose``.
    """
    shop, how = shop.pinned(), how or Diagnosing()
    content = read_recipe(shop.recipe)
    recipe = run_recipe(content, str(shop.recipe))
    name = _named(recipe, model)
    progress("read the log", 0, 1)
    fold = fold_of_shop(shop, split, on_validation=not on_test)
    check_room({name: recipe.estimators[name]}, Size.of(fold.train), free=free_bytes(), running=engine_runs())
    found = diagnose(name, recipe.estimators[name], fold, how=how, progress=progress)
    files = _files(shop, found)
    publish(shop, files)
    if recorder is not None:
        arguments = {"split": card_of(split), "model": name, "on_test": on_test, **asdict(how)}
        record_run(shop, _outcome(found, fold, recipe, content, arguments, files), recorder)
    return found


def diagnose_again(
    shop: Shop, split: Chosen, arguments: Mapping[str, Json], *, progress: Progress = silent, recorder: Recorder
) -> Diagnosis:
    """Diagnose as the ``arguments`` of a record say that it was done.

    Raises:
        SlatewrightError: as ``diagnose_shop``.
    """
    by = By(**{name: tuple(facts) for name, facts in arguments["by"].items()})
    how = Diagnosing(tuple(arguments["over"]), arguments["k"], by, arguments["residuals"], arguments["rng"])
    model, on_test = arguments["model"], arguments["on_test"]
    return diagnose_shop(shop, split, model=model, how=how, on_test=on_test, progress=progress, recorder=recorder)


def _named(recipe: Recipe, name: str | None) -> str:
    known = list(recipe.estimators)
    if name is not None and name not in known:
        raise NotThere(f"the recipe has no model {name!r}; it has {', '.join(known)}")
    return name or known[0]


def _files(shop: Shop, found: Diagnosis) -> dict[str, bytes]:
    return {
        "diagnosis.json": orjson.dumps(found.as_dict(), option=orjson.OPT_INDENT_2),
        "diagnosis.md": markdown(found).encode(),
        "diagnosis.html": render_html(found, shop=shop.name).encode(),
    }


def _outcome(
    found: Diagnosis,
    fold: Fold,
    recipe: Recipe,
    content: bytes,
    arguments: Mapping[str, Json],
    files: Mapping[str, bytes],
) -> Outcome:
    return Outcome(
        kind="diagnose",
        arguments=arguments,
        data=fold,
        recipes={RECIPE: content},
        knobs=recipe_knobs(recipe),
        metrics=found.numbers(),
        headline={"verdict": found.verdict, f"ndcg@{found.k}": found.ndcg},
        seed=arguments["rng"],
        files=files,
    )
