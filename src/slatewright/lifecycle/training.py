"""Training: from the log to a bundle on the shelf."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from slatewright import __version__
from slatewright.core.arrays import Frame
from slatewright.core.clock import iso
from slatewright.core.errors import BadBundle
from slatewright.data.dataset import Dataset
from slatewright.data.facts import facts_at
from slatewright.data.slates import Slates
from slatewright.events.log import EventLog
from slatewright.lifecycle.archive import archive_recipe
from slatewright.lifecycle.recording import Outcome, Recorder, record_run
from slatewright.models.neural.epochs import EpochCurve
from slatewright.models.neural.export.serving import with_graph
from slatewright.models.neural.runtime import RuntimeKnobs
from slatewright.pipeline.golden import golden_answers
from slatewright.pipeline.learning import Progress, rounds, silent
from slatewright.pipeline.opening import checked_pipeline
from slatewright.pipeline.packing import pack
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import Recipe, read_recipe, run_recipe
from slatewright.pipeline.recipe_knobs import recipe_knobs
from slatewright.pipeline.teaching.besides import Besides
from slatewright.pipeline.teaching.impressions import Impressions
from slatewright.store.bundle import TEMPORARY, write_bundle
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
    The bundle is opened and asked its golden requests before the shelf has it. Stopping this before leaves the shelf as
    it was; a stop after that leaves a bundle that is whole and checked.

    Raises:
        BadInput: the log has no items, or the recipe does not run.
        BadBundle: the bundle does not answer as the fitted pipeline did.
        NotWritten: the disk refused; the shelf is as it was.
    """
    shop = shop.pinned()
    content = read_recipe(shop.recipe)
    recipe, networks = run_recipe(content, str(shop.recipe)), shop.knobs("networks", RuntimeKnobs)
    steps = 3 + rounds(recipe)
    progress("read the log", 0, steps)
    dataset = shop.weighing().read(shop.log, as_of=as_of)
    pipeline = Pipeline.fit(
        recipe,
        dataset,
        besides=besides(shop.log, dataset.as_of),
        progress=lambda step, done, _: progress(step, 1 + done, steps),
    )
    progress("write the bundle", steps - 2, steps)
    pipeline = with_graphs(pipeline, networks)
    checking = partial(progress, "check the bundle", steps - 1, steps)
    version = put_on_shelf(shop, pipeline, dataset, content, checking, metrics or {})
    shelf = Shelf(shop.bundles)
    if promote or (promote is None and shelf.live() is None):
        shelf.promote(version, now=now)
    if recorder is not None:
        record_run(shop, _outcome(shop, version, recipe, content, dataset), recorder)
    progress("done", steps, steps)
    return version


def with_graphs(pipeline: Pipeline, knobs: RuntimeKnobs) -> Pipeline:
    """The same pipeline, its neural networks besides as graphs that a server runs without their engine."""
    models = {name: with_graph(model, knobs.providers) for name, model in pipeline.world.models.items()}
    if all(models[name] is model for name, model in pipeline.world.models.items()):
        return pipeline
    return Pipeline(pipeline.recipe, replace(pipeline.world, models=models)).opened()


def besides(log: EventLog, as_of: int) -> Besides:
    """What a log knew of slates and facts before an instant (µs UTC); slates are read when they are asked for."""
    caused = log.scan("interactions", before=as_of).filter(pl.col("slate_id").is_not_null())
    return Besides(Impressions(slates_of(log, as_of), caused.select("slate_id", "item_id", "kind")), facts_of(log))


def slates_of(log: EventLog, as_of: int) -> Slates:
    """The slates of a log that were shown before an instant (µs UTC)."""

    def scan(since: int | None, before: int | None) -> pl.LazyFrame:
        return log.scan("impressions", since=since, before=as_of if before is None else min(before, as_of))

    return Slates(scan)


def facts_of(log: EventLog) -> Callable[[int], tuple[Frame | None, Frame | None]]:
    """What a log knew of items and of users, at any instant."""
    return lambda then: (facts_at(log, "item_updates", then), facts_at(log, "user_updates", then))


@dataclass(frozen=True, slots=True)
class Parent:
    """The version from which models learned on, and what that did to each of them (JSON), by name."""

    version: str
    updates: Mapping[str, Mapping[str, Any]]


def put_on_shelf(
    shop: Shop,
    pipeline: Pipeline,
    dataset: Dataset,
    recipe: bytes,
    checking: Callable[[], None],
    metrics: Mapping[str, Any],
    parent: Parent | None = None,
) -> str:
    """Write a fitted pipeline as a bundle, and its recipe file into the shop's archive; return the version.

    Only a bundle that opens and answers as the pipeline does gets onto the shelf; ``checking`` is called before.

    Raises:
        BadBundle: it does not.
        NotWritten: the disk refused.
    """

    def check(folder: Path) -> None:
        checking()
        _check(shop, folder)

    packed = pack(pipeline.world, pipeline.recipe)
    updates = {} if parent is None else parent.updates
    counts = {"users": dataset.n_users, "items": dataset.n_items, "events": len(dataset.interactions)}
    if pipeline.world.taught is not None:
        counts |= {f"taught_{name}": number for name, number in pipeline.world.taught.told.items()}
    card = Card(
        as_of=dataset.as_of,
        data_version=dataset.version,
        recipe=archive_recipe(shop, recipe),
        code_version=__version__,
        models={
            name: {**one, "update": updates[name]} if name in updates else one for name, one in packed.models.items()
        },
        counts=counts,
        metrics=metrics,
        golden=golden_answers(pipeline),
        parent=None if parent is None else parent.version,
    )
    shelf = Shelf(shop.bundles)
    with shelf.lock():
        shelf.sweep()
        return write_bundle(shelf.root, card, packed.arrays, packed.tables, check)


def _check(shop: Shop, folder: Path) -> None:
    try:
        checked_pipeline(shop, folder)
    except BadBundle as error:
        if folder.name.startswith(TEMPORARY):
            raise
        raise BadBundle(f"{folder}, of an earlier training, is damaged; remove it, train again: {error}") from error


def _outcome(shop: Shop, version: str, recipe: Recipe, content: bytes, dataset: Dataset) -> Outcome:
    """The version of a bundle holds the sums of all that was learned: the same version is the same model."""
    card = Shelf(shop.bundles).card(version)
    trained = {name: one["training"] for name, one in card.models.items() if "training" in one}
    training = {name: EpochCurve.from_card(told).numbers for name, told in trained.items()}
    return Outcome(
        kind="train",
        arguments={"as_of": iso(dataset.as_of), "metrics": card.metrics},
        data=dataset,
        recipes={RECIPE: content},
        knobs=recipe_knobs(recipe),
        metrics={"bundle": version, **card.counts, **({"training": training} if training else {})},
        headline={"bundle": version},
    )
