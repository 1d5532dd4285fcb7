"""Evaluating: how good would the shop's recipe have been, had it been trained back then?"""

from collections.abc import Mapping
from dataclasses import asdict

import orjson

from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.data.splits import Fold, GlobalTime, cases_of
from slatewright.data.splits.by_time import answers_of, latest
from slatewright.evaluate import Evaluation, Recommender, evaluate, markdown
from slatewright.evaluate.numbers import headline_of, metrics_of
from slatewright.lifecycle.archive import recipe_content
from slatewright.lifecycle.recording import Outcome, Recorder, record_run
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
    split: GlobalTime,
    *,
    k: int = 20,
    on_validation: bool = False,
    progress: Progress = silent,
    recorder: Recorder | None = None,
) -> Evaluation:
    """Train the recipe on what was known before the cut of the split, and judge its slates by what came after.

    The whole pipeline is judged as it would be served, beside each of its models and popularity. ``on_validation``
    judges by the latest part of the training events instead: choose knobs there, and look at the test part once.
    With a ``recorder`` the run is recorded, so that it can be reproduced.

    Raises:
        BadInput: one side of the cut is empty, or the recipe does not run.
    """
    shop = shop.pinned()
    content = read_recipe(shop.recipe)
    recipe = run_recipe(content, str(shop.recipe))
    progress("read the log", 0, 2)
    fold = fold_of_shop(shop, split, on_validation=on_validation)
    pipeline = Pipeline.fit(recipe, fold.train, progress=progress)
    found = _judged(pipeline, fold, k, progress)
    _publish(shop, found)
    if recorder is not None:
        arguments = {"split": asdict(split), "k": k, "on_validation": on_validation}
        record_run(shop, _outcome(found, fold, recipe, content, arguments), recorder)
    return found


def evaluate_bundle(
    shop: Shop,
    version: str | None = None,
    *,
    k: int = 20,
    kinds: tuple[str, ...] = (),
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
    fold = _fold_at(shop, shop.weighing().read(shop.log), pipeline.world.as_of, kinds)
    found = _judged(pipeline, fold, k, progress)
    _publish(shop, found)
    if recorder is not None:
        bundle = pipeline.world.version
        content = recipe_content(shop, Shelf(shop.bundles).card(bundle).recipe)
        arguments = {"bundle": bundle, "k": k, "kinds": list(kinds)}
        record_run(shop, _outcome(found, fold, pipeline.recipe, content, arguments), recorder)
    return found


def fold_of_shop(shop: Shop, split: GlobalTime, *, on_validation: bool = False) -> Fold:
    """What the log knew before the cut, read as of that instant, and the cases that it knows from then on.

    Facts and returns are those known at the cut: nothing of later reaches the training part.
    """
    events = shop.weighing().read(shop.log)
    cut = split.cut(events)
    if not on_validation:
        return _fold_at(shop, events, cut, split.kinds)
    inner = latest(split.validation_share, split.kinds)
    if inner is None:
        raise BadInput("there is no validation part: validation_share is 0 in [split]")
    events = shop.weighing().read(shop.log, as_of=cut)
    return _fold_at(shop, events, inner.cut(events), split.kinds)


def _fold_at(shop: Shop, events: Dataset, cut: int, kinds: tuple[str, ...]) -> Fold:
    train = shop.weighing().read(shop.log, as_of=cut)
    answers = (events.interactions.time >= cut) & answers_of(events.interactions, kinds)
    return Fold(train, cases_of(train, events, answers, as_of=cut))


def _judged(pipeline: Pipeline, fold: Fold, k: int, progress: Progress) -> Evaluation:
    alone = {f"{name} alone": pipeline.world.models[name] for name in pipeline.recipe.estimators}
    recommenders: Mapping[str, Recommender] = {PIPELINE: pipeline, **alone}
    return evaluate(recommenders, fold, k=k, progress=progress)


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


def _outcome(found: Evaluation, fold: Fold, recipe: Recipe, content: bytes, arguments: Mapping[str, Json]) -> Outcome:
    return Outcome(
        kind="evaluate",
        arguments=arguments,
        data=fold,
        recipes={RECIPE: content},
        knobs=recipe_knobs(recipe),
        metrics=metrics_of(found),
        headline=headline_of(found, PIPELINE),
        seed=Bootstrap().rng,
        files=_files(found),
    )
