"""Evaluating: how good would the shop's recipe have been, had it been trained back then?"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import orjson

from slatewright.data.splits import Chosen, Fold, card_of
from slatewright.evaluate import NO_SEGMENTS, By, Evaluation, Recommender, evaluate, evaluate_folds, markdown
from slatewright.evaluate.numbers import headline_of, metrics_of
from slatewright.evaluate.plots import intervals_svg
from slatewright.lifecycle.archive import recipe_content
from slatewright.lifecycle.folds import fold_since, folds_of_shop
from slatewright.lifecycle.recording import Outcome, Recorder, Seen, record_run, seen
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import Recipe, read_recipe, run_recipe
from slatewright.pipeline.recipe_knobs import recipe_knobs
from slatewright.store.files import replace_bytes
from slatewright.store.run import Json
from slatewright.store.shelf import Shelf
from slatewright.store.shop import RECIPE, Shop

PIPELINE = "pipeline"


def evaluate_shop(
    shop: Shop,
    split: Chosen,
    *,
    k: int = 20,
    on_validation: bool = False,
    by: By = NO_SEGMENTS,
    progress: Progress = silent,
    recorder: Recorder | None = None,
) -> Evaluation:
    """Train the recipe on what was known before the cut of the split, and judge its slates by what came after.

    The whole pipeline is judged as it would be served, beside each of its models and popularity; once for every fold
    of the split, see ``evaluate_folds``. On sampled negatives models are judged alone: a pipeline chooses its own
    candidates. ``on_validation`` judges inside the training parts instead: choose knobs there, and look at the test
    part once.
    With a ``recorder`` the run is recorded, so that it can be reproduced; ``by`` breaks the numbers down by segments of
    users and items.

    Raises:
        Leak: the audit found that the test part was known to training; the message says why.
        BadInput: one side of the cut is empty, the recipe does not run, or no user or item has a fact of ``by``.
    """
    shop = shop.pinned()
    content = read_recipe(shop.recipe)
    recipe = run_recipe(content, str(shop.recipe))
    progress("read the log", 0, 2)
    read: list[Seen] = []

    def fitted(fold: Fold) -> Mapping[str, Recommender]:
        if recorder is not None:
            read.append(seen(fold))
        return _contenders(Pipeline.fit(recipe, fold.train, progress=progress), fold)

    folds = folds_of_shop(shop, split, on_validation=on_validation)
    found = evaluate_folds(fitted, folds, k=k, by=by, progress=progress)
    _publish(shop, found)
    if recorder is not None:
        arguments = {"split": card_of(split), "k": k, "on_validation": on_validation, "by": asdict(by)}
        record_run(shop, _outcome(found, read, recipe, content, arguments), recorder)
    return found


def evaluate_bundle(
    shop: Shop,
    version: str | None = None,
    *,
    k: int = 20,
    kinds: tuple[str, ...] = (),
    by: By = NO_SEGMENTS,
    progress: Progress = silent,
    recorder: Recorder | None = None,
) -> Evaluation:
    """Judge a bundle (default: the live one), opened as the server opens it, by what the log knows since its as_of.

    With a ``recorder`` the run is recorded, so that it can be reproduced.

    Raises:
        NotThere: nothing is live, or there is no such version.
        BadBundle: the bundle is damaged.
        BadInput: nothing happened since it was trained.
    """
    shop = shop.pinned()
    progress("open the bundle", 0, 2)
    pipeline = open_pipeline(shop, version)
    progress("read the log", 1, 2)
    fold = fold_since(shop, pipeline.world.as_of, kinds)
    found = evaluate(_contenders(pipeline, fold), fold, k=k, by=by, progress=progress)
    _publish(shop, found)
    if recorder is not None:
        bundle = pipeline.world.version
        content = recipe_content(shop, Shelf(shop.bundles).card(bundle).recipe)
        arguments = {"bundle": bundle, "k": k, "kinds": list(kinds), "by": asdict(by)}
        record_run(shop, _outcome(found, [seen(fold)], pipeline.recipe, content, arguments), recorder)
    return found


def _contenders(pipeline: Pipeline, fold: Fold) -> Mapping[str, Recommender]:
    alone: dict[str, Recommender] = {
        f"{name} alone": pipeline.world.models[name] for name in pipeline.recipe.estimators
    }
    return alone if fold.protocol.negatives else {PIPELINE: pipeline, **alone}


def _publish(shop: Shop, found: Evaluation) -> None:
    shop.reports.mkdir(parents=True, exist_ok=True)
    for name, content in _files(found).items():
        replace_bytes(shop.reports / name, content)


def _files(found: Evaluation) -> dict[str, bytes]:
    """The evaluation for programs and for people."""
    return {
        "evaluation.json": orjson.dumps(found.as_dict(), option=orjson.OPT_INDENT_2),
        "evaluation.md": f"# Evaluation\n\n{markdown(found, level=2)}".encode(),
    }


def _outcome(
    found: Evaluation, read: Sequence[Seen], recipe: Recipe, content: bytes, arguments: Mapping[str, Json]
) -> Outcome:
    return Outcome(
        kind="evaluate",
        arguments=arguments,
        data=read,
        recipes={RECIPE: content},
        knobs=recipe_knobs(recipe),
        metrics=metrics_of(found),
        headline=headline_of(found, found.groups[0].measured[1].name),  # behind popularity: the pipeline, if there
        seed=Bootstrap().rng,
        files={**_files(found), "metrics.svg": intervals_svg(found)},
    )
