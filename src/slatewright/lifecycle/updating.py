"""Updating: the models of a bundle learn what came since, and become a bundle of their own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Self

from slatewright.core.clock import instant, iso
from slatewright.core.errors import BadKnob
from slatewright.data.dataset import Dataset
from slatewright.lifecycle.archive import recipe_content
from slatewright.lifecycle.recording import Outcome, Recorder, record_run
from slatewright.lifecycle.training import Parent, besides, put_on_shelf, with_graphs
from slatewright.models.neural.runtime import RuntimeKnobs
from slatewright.models.neural.updating.report import UpdateReport
from slatewright.models.neural.updating.update import Updating
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.learning_on import LearnedOn, learn_on, learners
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.recipe_knobs import recipe_knobs
from slatewright.store.run import Json
from slatewright.store.shelf import Shelf
from slatewright.store.shop import RECIPE, Shop


@dataclass(frozen=True)
class Wish:
    """What is updated: a ``version`` (None: the live one), of it the models of ``names`` (none: all that can learn on),
    by what is known before ``as_of`` (µs UTC; None: all of the log), and ``how``.
    """

    version: str | None = None
    names: tuple[str, ...] = ()
    as_of: int | None = None
    how: Updating = field(default_factory=Updating)

    @classmethod
    def from_dict(cls, told: Mapping[str, Json]) -> Self:
        """From the arguments of a recorded run."""
        return cls(told["bundle"], tuple(told["models"]), instant(told["as_of"]), Updating(**told["how"]))


@dataclass(frozen=True, slots=True)
class UpdatedBundle:
    """The new version, the one it came from, and what the update did to each model that learned on."""

    version: str
    parent: str
    reports: Mapping[str, UpdateReport]


def update_bundle(
    shop: Shop,
    wish: Wish,
    *,
    now: int,
    promote: bool = False,
    progress: Progress = silent,
    recorder: Recorder | None = None,
) -> UpdatedBundle:
    """Teach a bundle what the log knows since it was trained, and put the result on the shelf; ``promote``: live, too.

    Its own recipe holds, whatever became of the file since. What does not learn on is fitted again. The card names the
    parent and what the update did. What stopping this leaves is as with ``train``.

    Raises:
        NotThere: nothing is live, or there is no such version or estimator.
        BadBundle: the bundle is damaged.
        BadInput: one of the names, or every estimator, cannot learn on; or nothing happened since.
        BadKnob: ``how`` draws by a generator, which no record can do again.
        NotWritten: the disk refused; the shelf is as it was.
    """
    if recorder is not None and not isinstance(wish.how.rng, int):
        raise BadKnob(f"Updating.rng must be a seed where the run is recorded, got a {type(wish.how.rng).__name__}")
    shop = shop.pinned()
    parent = open_pipeline(shop, wish.version)
    recipe, steps = parent.recipe, 4 + len(parent.recipe.estimators)
    chosen, content = learners(recipe, wish.names), recipe_content(shop, Shelf(shop.bundles).card(_name(parent)).recipe)
    progress("read the log", 1, steps)
    dataset = shop.weighing().read(shop.log, as_of=wish.as_of)
    done = learn_on(
        recipe,
        parent.world,
        dataset,
        wish.how,
        names=chosen,
        besides=besides(shop.log, dataset.as_of),
        progress=lambda step, at, _: progress(step, 2 + at, steps),
    )
    progress("write the bundle", steps - 2, steps)
    pipeline = with_graphs(Pipeline(recipe, done.world).opened(), shop.knobs("networks", RuntimeKnobs))
    checking = partial(progress, "check the bundle", steps - 1, steps)
    made = put_on_shelf(shop, pipeline, dataset, content, checking, {}, Parent(_name(parent), _told(done)))
    if promote:
        Shelf(shop.bundles).promote(made, now=now)
    if recorder is not None:
        wish = Wish(_name(parent), chosen, dataset.as_of, wish.how)
        record_run(shop, _outcome(shop, made, wish, content, (dataset, recipe)), recorder)
    progress("done", steps, steps)
    return UpdatedBundle(made, _name(parent), done.reports)


def _name(pipeline: Pipeline) -> str:
    return pipeline.world.version


def _told(done: LearnedOn) -> dict[str, dict[str, Any]]:
    return {name: asdict(report) for name, report in done.reports.items()}


def _outcome(shop: Shop, made: str, wish: Wish, content: bytes, of: tuple[Dataset, Recipe]) -> Outcome:
    card, (dataset, recipe) = Shelf(shop.bundles).card(made), of
    updates = {name: one["update"] for name, one in card.models.items() if "update" in one}
    return Outcome(
        kind="update",
        arguments={
            "bundle": wish.version,
            "as_of": iso(dataset.as_of),
            "models": list(wish.names),
            "how": asdict(wish.how),
        },
        data=dataset,
        recipes={RECIPE: content},
        knobs=recipe_knobs(recipe),
        metrics={"bundle": made, **card.counts, "update": updates},
        headline={"bundle": made, "from": str(wish.version)},
    )
