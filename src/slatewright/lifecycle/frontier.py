"""What variety costs a shop: its recipe trained once, its slates arranged in many ways."""

from collections.abc import Mapping

import orjson

from slatewright.data.splits import Chosen, Fold, card_of
from slatewright.evaluate.frontier import Frontier, frontier, ways_of
from slatewright.evaluate.frontier.frontier import ACCURACY
from slatewright.evaluate.frontier.table import markdown, render_html
from slatewright.evaluate.numbers import intervals
from slatewright.lifecycle.folds import besides_of, fold_of_shop
from slatewright.lifecycle.publishing import publish
from slatewright.lifecycle.recording import Outcome, Recorder, record_run
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.naming import check_names
from slatewright.pipeline.orders import MMR
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import Recipe, read_recipe, run_recipe
from slatewright.pipeline.recipe_knobs import recipe_knobs
from slatewright.store.run import Json
from slatewright.store.shop import RECIPE, Shop


def draw_frontier(
    shop: Shop,
    split: Chosen,
    *,
    k: int = 20,
    model: str | None = None,
    on_validation: bool = False,
    progress: Progress = silent,
    recorder: Recorder | None = None,
) -> Frontier:
    """Train the recipe on what was known before the cut of the split, and judge every way to arrange its slates.

    ``model`` is the estimator that says what is alike; none: categories. A page, Markdown and JSON go into the shop's
    reports. With a ``recorder`` the run is recorded, so that it can be reproduced.

    Raises:
        Leak: the audit found that the test part was known to training; the message says why.
        NotThere: the recipe has no estimator of that name.
        BadInput: the estimator does not say what is alike, the recipe does not run, or one side of the cut is empty.
    """
    shop = shop.pinned()
    content = read_recipe(shop.recipe)
    recipe = run_recipe(content, str(shop.recipe))
    if model is not None:
        check_names((MMR(model=model),), recipe.estimators)
    progress("read the log", 0, 2)
    fold = fold_of_shop(shop, split, on_validation=on_validation)
    pipeline = Pipeline.fit(recipe, fold.train, besides=besides_of(shop, split, fold), progress=progress)
    found = frontier(pipeline, fold, ways_of(pipeline, model), k=k, progress=progress)
    files = _files(shop, found)
    publish(shop, files)
    if recorder is not None:
        arguments = {"split": card_of(split), "k": k, "model": model, "on_validation": on_validation}
        record_run(shop, _outcome(found, fold, recipe, content, arguments, files), recorder)
    return found


def _files(shop: Shop, found: Frontier) -> dict[str, bytes]:
    return {
        "frontier.json": orjson.dumps(found.as_dict(), option=orjson.OPT_INDENT_2),
        "frontier.md": markdown(found).encode(),
        "frontier.html": render_html(found, shop=shop.name).encode(),
    }


def _outcome(
    found: Frontier,
    fold: Fold,
    recipe: Recipe,
    content: bytes,
    arguments: Mapping[str, Json],
    files: Mapping[str, bytes],
) -> Outcome:
    own = found.points[0].metrics
    return Outcome(
        kind="frontier",
        arguments=arguments,
        data=fold,
        recipes={RECIPE: content},
        knobs=recipe_knobs(recipe),
        metrics={point.name: intervals(point.metrics) for point in found.points},
        headline={f"{metric}@{found.k}": own[metric].value for metric in (ACCURACY, *found.across[:1])},
        seed=Bootstrap().rng,
        files=files,
    )
