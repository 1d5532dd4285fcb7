"""Training: from the log to a bundle on the shelf."""

from collections.abc import Mapping
from typing import Any

from slatewright import __version__
from slatewright.data.dataset import Dataset
from slatewright.pipeline.golden import golden_answers
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.packing import pack
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import read_recipe, recipe_digest, run_recipe
from slatewright.store.bundle import write_bundle
from slatewright.store.card import Card
from slatewright.store.files import replace_bytes
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop


def train(
    shop: Shop,
    *,
    now: int,
    as_of: int | None = None,
    promote: bool | None = None,
    metrics: Mapping[str, Any] | None = None,
    progress: Progress = silent,
) -> str:
    """Fit the shop's recipe to its log, put a bundle on the shelf and return its version.

    Nothing at or after ``as_of`` is known to it (default: everything in the log is known). ``promote`` makes it live at
    ``now``; None does so only when nothing is live yet. ``metrics`` (how this recipe was judged) are kept on the card.
    The bundle is opened and asked its golden requests before it goes live. Stopping this at any moment leaves the shelf
    and the live pointer as they were.

    Raises:
        BadInput: the log has no items, or the recipe does not run.
        BadBundle: the bundle does not answer as the fitted pipeline did.
        NotWritten: the disk refused; the shelf is as it was.
    """
    content = read_recipe(shop.recipe)
    recipe = run_recipe(content, str(shop.recipe))
    steps = 3 + len(recipe.estimators)
    progress("read the log", 0, steps)
    dataset = shop.weighing().read(shop.log, as_of=as_of)
    pipeline = Pipeline.fit(recipe, dataset, progress=lambda step, done, _: progress(step, 1 + done, steps))
    progress("write the bundle", steps - 2, steps)
    version = put_on_shelf(shop, pipeline, dataset, content, metrics or {})
    progress("check the bundle", steps - 1, steps)
    open_pipeline(shop, version)
    shelf = Shelf(shop.bundles)
    if promote or (promote is None and shelf.live() is None):
        shelf.promote(version, now=now)
    progress("done", steps, steps)
    return version


def put_on_shelf(shop: Shop, pipeline: Pipeline, dataset: Dataset, recipe: bytes, metrics: Mapping[str, Any]) -> str:
    """Write a fitted pipeline as a bundle, and its recipe file into the shop's archive; return the version."""
    packed = pack(pipeline.world, pipeline.recipe)
    counts = {"users": dataset.n_users, "items": dataset.n_items, "events": len(dataset.interactions)}
    card = Card(
        as_of=dataset.as_of,
        data_version=dataset.version,
        recipe=archive_recipe(shop, recipe),
        code_version=__version__,
        models=packed.models,
        counts=counts,
        metrics=metrics,
        golden=golden_answers(pipeline),
    )
    shelf = Shelf(shop.bundles)
    with shelf.lock():
        shelf.sweep()
        return write_bundle(shelf.root, card, packed.arrays, packed.tables)


def archive_recipe(shop: Shop, content: bytes) -> str:
    """Keep a recipe under its sha256, and return that; for a bundle only this archive is run."""
    digest = recipe_digest(content)
    shop.recipes.mkdir(exist_ok=True)
    replace_bytes(shop.recipes / f"{digest}.py", content)
    return digest
