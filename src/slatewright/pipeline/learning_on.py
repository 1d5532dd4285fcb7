"""From a world and what came since to a new world: neural models learn on, everything else is fitted again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from slatewright.core.clock import iso
from slatewright.core.errors import BadInput, NotThere
from slatewright.data.dataset import Dataset
from slatewright.models.model import Estimator, Model
from slatewright.models.neural.updating.report import UpdateReport
from slatewright.models.neural.updating.update import Updatable, Updating, check_update, update
from slatewright.pipeline.indexing import indexed
from slatewright.pipeline.learning import Progress, check_learnable, fitted, silent, with_shown
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.scores.learned import LearnedScore
from slatewright.pipeline.teaching.besides import Besides
from slatewright.pipeline.teaching.counting import counted
from slatewright.pipeline.world import World

ABLE = ", ".join(one.__name__ for one in get_args(Updatable))


@dataclass(frozen=True, slots=True)
class LearnedOn:
    """The new world, and what learning on did to each model that did so."""

    world: World
    reports: Mapping[str, UpdateReport]


def learners(recipe: Recipe, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Those of ``names`` (none: of all estimators) that learn on.

    Raises:
        NotThere: the recipe has no estimator of a name.
        BadInput: one of the names, or every estimator, can only be fitted again.
    """
    able = tuple(name for name, one in recipe.estimators.items() if isinstance(one, Updatable))
    for name in names:
        if name not in recipe.estimators:
            raise NotThere(f"the recipe has no estimator {name!r}; it has {', '.join(recipe.estimators)}")
        if name not in able:
            what, here = type(recipe.estimators[name]).__name__, ", ".join(able) or "none"
            raise BadInput(
                f"{name!r} is of {what}, which cannot learn on; only {ABLE} can (here: {here}): run slatewright train"
            )
    if not able:
        raise BadInput(f"no estimator of the recipe can learn on, only {ABLE} can: run slatewright train instead")
    return tuple(names) or able


def learn_on(
    recipe: Recipe,
    before: World,
    dataset: Dataset,
    how: Updating,
    *,
    names: Sequence[str] = (),
    besides: Besides | None = None,
    progress: Progress = silent,
) -> LearnedOn:
    """Teach the models of ``names`` (default: all that can) what came since ``before``, and fit the others again.

    A learned score keeps what it was taught; what its features count is counted anew. What cannot be done is refused
    before anything is learned.

    Raises:
        NotThere: as ``learners``.
        BadInput: as ``learners`` and ``update``; or nothing since then teaches anything.
        BadRule: as ``learn``.
        NoRoom: as ``learn``, or a step of training does not fit.
        Diverged: a loss left the range of numbers.
    """
    chosen, reports = learners(recipe, names), dict[str, UpdateReport]()
    recent = dataset.interactions.weight[dataset.interactions.time >= before.as_of]
    if not len(recent):
        raise BadInput(f"nothing happened since {iso(before.as_of)}, so there is nothing to learn; import events first")
    if not (recent > 0).any():
        raise BadInput(
            f"no event since {iso(before.as_of)} teaches anything, for all of them weigh nothing: see [weights], or "
            "import more events"
        )
    check_learnable(recipe, dataset)
    for name, estimator in recipe.estimators.items():
        if name in chosen and isinstance(estimator, Updatable):
            check_update(estimator, before.models[name], dataset)

    def fit(name: str, estimator: Estimator, events: Dataset) -> Model:
        if name not in chosen or not isinstance(estimator, Updatable):
            return estimator.fit(events)
        done = update(estimator, before.models[name], events, before.as_of, how)
        reports[name] = done.report
        return done.model

    besides = besides or Besides()
    world = with_shown(indexed(recipe, fitted(recipe, dataset, progress, fit)), besides)
    if isinstance(recipe.score, LearnedScore):
        world = counted(recipe.score, replace(world, taught=before.taught), dataset, besides.shown)
    return LearnedOn(world, reports)
