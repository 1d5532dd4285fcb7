"""Evaluating: how good would the shop's recipe have been, had it been trained back then?"""

from collections.abc import Mapping

import orjson

from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.data.splits import Fold, GlobalTime, cases_of
from slatewright.data.splits.by_time import answers_of, latest
from slatewright.evaluate import Evaluation, Recommender, evaluate, markdown
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import load_recipe
from slatewright.store.files import replace_text
from slatewright.store.shop import Shop

PIPELINE = "pipeline"


def evaluate_shop(
    shop: Shop,
    split: GlobalTime,
    *,
    k: int = 20,
    on_validation: bool = False,
    progress: Progress = silent,
) -> Evaluation:
    """Train the recipe on what was known before the cut of the split, and judge its slates by what came after.

    The whole pipeline is judged as it would be served, beside each of its models and popularity. ``on_validation``
    judges by the latest part of the training events instead: choose knobs there, and look at the test part once.

    Raises:
        BadInput: one side of the cut is empty, or the recipe does not run.
    """
    recipe = load_recipe(shop.recipe)
    progress("read the log", 0, 2)
    fold = fold_of_shop(shop, split, on_validation=on_validation)
    pipeline = Pipeline.fit(recipe, fold.train, progress=progress)
    return _judged(shop, pipeline, fold, k, progress)


def evaluate_bundle(
    shop: Shop, version: str | None = None, *, k: int = 20, kinds: tuple[str, ...] = (), progress: Progress = silent
) -> Evaluation:
    """Judge a bundle (default: the live one), opened as the server opens it, by what the log knows since its as_of.

    Raises:
        NotThere: nothing is live, or there is no such version.
        BadBundle: the bundle is damaged.
        BadInput: nothing happened since it was trained.
    """
    progress("open the bundle", 0, 2)
    pipeline = open_pipeline(shop, version)
    progress("read the log", 1, 2)
    fold = _fold_at(shop, shop.weighing().read(shop.log), pipeline.world.as_of, kinds)
    return _judged(shop, pipeline, fold, k, progress)


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


def _judged(shop: Shop, pipeline: Pipeline, fold: Fold, k: int, progress: Progress) -> Evaluation:
    alone = {f"{name} alone": pipeline.world.models[name] for name in pipeline.recipe.estimators}
    recommenders: Mapping[str, Recommender] = {PIPELINE: pipeline, **alone}
    found = evaluate(recommenders, fold, k=k, progress=progress)
    shop.reports.mkdir(parents=True, exist_ok=True)
    replace_text(shop.reports / "evaluation.json", orjson.dumps(found.as_dict(), option=orjson.OPT_INDENT_2).decode())
    replace_text(shop.reports / "evaluation.md", f"# Evaluation\n\n{markdown(found, level=2)}")
    return found
