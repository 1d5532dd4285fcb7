"""Evaluating: how good would the shop's recipe have been, had it been trained back then?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import orjson

from slatewright.data.splits import Chosen, Fold, card_of
from slatewright.evaluate import NO_SEGMENTS, By, Evaluation, Judged, Recommender, judge, markdown, summarise
from slatewright.evaluate.numbers import headline_of, metrics_of
from slatewright.evaluate.plots import intervals_svg
from slatewright.evaluate.pooling import judge_folds, summarise_folds
from slatewright.lifecycle.archive import recipe_content
from slatewright.lifecycle.clicking import with_clicks
from slatewright.lifecycle.folds import besides_of, fold_since, folds_of_shop
from slatewright.lifecycle.publishing import publish
from slatewright.lifecycle.recording import Outcome, Recorder, Seen, record_run, seen
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import Recipe, read_recipe, run_recipe
from slatewright.pipeline.recipe_knobs import recipe_knobs
from slatewright.store.run import Json
from slatewright.store.shelf import Shelf
from slatewright.store.shop import RECIPE, Shop

PIPELINE = "pipeline"


@dataclass(frozen=True)
class Judgement:
    """An evaluation, the answers to the last fold that it was made of, the recipe, and the id of the recorded run."""

    evaluation: Evaluation
    judged: Judged
    recipe: Recipe
    run: str | None = None


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
    return judge_shop(
        shop, split, k=k, on_validation=on_validation, by=by, progress=progress, recorder=recorder
    ).evaluation


def judge_shop(
    shop: Shop,
    split: Chosen,
    *,
    k: int = 20,
    on_validation: bool = False,
    by: By = NO_SEGMENTS,
    progress: Progress = silent,
    recorder: Recorder | None = None,
) -> Judgement:
    """Evaluate the recipe as ``evaluate_shop`` does, and keep the answers to the last fold for whoever draws them.

    Raises:
        Leak: as ``evaluate_shop``.
        BadInput: as ``evaluate_shop``.
    """
    shop = shop.pinned()
    content = read_recipe(shop.recipe)
    recipe = run_recipe(content, str(shop.recipe))
    progress("read the log", 0, 2)
    read: list[Seen] = []
    last: list[Judged] = []

    def fitted(fold: Fold) -> Mapping[str, Recommender]:
        if recorder is not None:
            read.append(seen(fold))
        return _contenders(
            Pipeline.fit(recipe, fold.train, besides=besides_of(shop, split, fold), progress=progress), fold
        )

    def kept(folds: Iterator[Judged]) -> Iterator[Judged]:
        for judged in folds:
            last[:] = [judged]
            yield judged

    folds = folds_of_shop(shop, split, on_validation=on_validation)
    found = summarise_folds(kept(judge_folds(fitted, folds, k=k, progress=progress)), by=by)
    found = found if on_validation else with_clicks(shop, found)
    publish(shop, _files(found))
    run = None
    if recorder is not None:
        arguments = {"split": card_of(split), "k": k, "on_validation": on_validation, "by": asdict(by)}
        run = record_run(shop, _outcome(found, read, recipe, content, arguments), recorder)
    return Judgement(found, last[0], recipe, run)


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
    return judge_bundle(shop, version, k=k, kinds=kinds, by=by, progress=progress, recorder=recorder).evaluation


def judge_bundle(
    shop: Shop,
    version: str | None = None,
    *,
    k: int = 20,
    kinds: tuple[str, ...] = (),
    by: By = NO_SEGMENTS,
    progress: Progress = silent,
    recorder: Recorder | None = None,
) -> Judgement:
    """Evaluate a bundle as ``evaluate_bundle`` does, and keep its answers for whoever draws them.

    Raises:
        NotThere: as ``evaluate_bundle``.
        BadBundle: as ``evaluate_bundle``.
        BadInput: as ``evaluate_bundle``.
    """
    shop = shop.pinned()
    progress("open the bundle", 0, 2)
    pipeline = open_pipeline(shop, version)
    progress("read the log", 1, 2)
    fold = fold_since(shop, pipeline.world.as_of, kinds)
    judged = judge(_contenders(pipeline, fold), fold, k=k, progress=progress)
    found = with_clicks(shop, summarise(judged, by=by))
    publish(shop, _files(found))
    run = None
    if recorder is not None:
        bundle = pipeline.world.version
        content = recipe_content(shop, Shelf(shop.bundles).card(bundle).recipe)
        arguments = {"bundle": bundle, "k": k, "kinds": list(kinds), "by": asdict(by)}
        run = record_run(shop, _outcome(found, [seen(fold)], pipeline.recipe, content, arguments), recorder)
    return Judgement(found, judged, pipeline.recipe, run)


def _contenders(pipeline: Pipeline, fold: Fold) -> Mapping[str, Recommender]:
    alone: dict[str, Recommender] = {
        f"{name} alone": pipeline.world.models[name] for name in pipeline.recipe.estimators
    }
    return alone if fold.protocol.negatives else {PIPELINE: pipeline, **alone}


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
