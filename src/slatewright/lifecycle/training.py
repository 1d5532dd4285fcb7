"""Training: from the log to a bundle on the shelf."""

from collections.abc import Mapping
from typing import Any

from slatewright import __version__
from slatewright.core.clock import iso
from slatewright.data.dataset import Dataset
from slatewright.lifecycle.archive import archive_recipe
from slatewright.lifecycle.recording import Outcome, Recorder, record_run
from slatewright.pipeline.golden import golden_answers
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.packing import pack
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import Recipe, read_recipe, run_recipe
from slatewright.pipeline.recipe_knobs import recipe_knobs
from slatewright.store.bundle import write_bundle
from slatewright.store.card import Card
from slatewright.store.shelf import Shelf
from slatewright.store.shop import RECIPE, Shop


def train(
    shop: Shop,
    *,
    now: int,
    as_of: int | None = None,
    promote: bool | None = None,
    metrics: Mapping[str, Any] | None = None,
    progress: Progress = silent,
    recorder: Recorder | None = None,
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
    shop = shop.pinned()
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
    if recorder is not None:
        record_run(shop, _outcome(shop, version, recipe, content, dataset), recorder)
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


def _outcome(shop: Shop, version: str, recipe: Recipe, content: bytes, dataset: Dataset) -> Outcome:
    """The version of a bundle holds the sums of all that was learned: the same version is the same model."""
    card = Shelf(shop.bundles).card(version)
    return Outcome(
        kind="train",
        arguments={"as_of": iso(dataset.as_of), "metrics": card.metrics},
        data=dataset,
        recipes={RECIPE: content},
        knobs=recipe_knobs(recipe),
        metrics={"bundle": version, **card.counts},
        headline={"bundle": version},
    )
