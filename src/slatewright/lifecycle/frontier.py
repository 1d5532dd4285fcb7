"""What variety costs a shop: its recipe trained once, its slates arranged in many ways."""

import orjson

from slatewright.data.splits import Chosen
from slatewright.evaluate.frontier import Frontier, frontier, ways_of
from slatewright.evaluate.frontier.table import markdown, render_html
from slatewright.lifecycle.folds import fold_of_shop
from slatewright.lifecycle.publishing import publish
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.naming import check_names
from slatewright.pipeline.orders import MMR
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import read_recipe, run_recipe
from slatewright.store.shop import Shop


def draw_frontier(
    shop: Shop,
    split: Chosen,
    *,
    k: int = 20,
    model: str | None = None,
    on_validation: bool = False,
    progress: Progress = silent,
) -> Frontier:
    """Train the recipe on what was known before the cut of the split, and judge every way to arrange its slates.

    ``model`` is the estimator that says what is alike; none: categories. A page, Markdown and JSON go into the shop's
    reports.

    Raises:
        Leak: the audit found that the test part was known to training; the message says why.
        NotThere: the recipe has no estimator of that name.
        BadInput: the estimator does not say what is alike, the recipe does not run, or one side of the cut is empty.
    """
    shop = shop.pinned()
    recipe = run_recipe(read_recipe(shop.recipe), str(shop.recipe))
    if model is not None:
        check_names((MMR(model=model),), recipe.estimators)
    progress("read the log", 0, 2)
    fold = fold_of_shop(shop, split, on_validation=on_validation)
    pipeline = Pipeline.fit(recipe, fold.train, progress=progress)
    found = frontier(pipeline, fold, ways_of(pipeline, model), k=k, progress=progress)
    publish(
        shop,
        {
            "frontier.json": orjson.dumps(found.as_dict(), option=orjson.OPT_INDENT_2),
            "frontier.md": markdown(found).encode(),
            "frontier.html": render_html(found, shop=shop.name).encode(),
        },
    )
    return found
