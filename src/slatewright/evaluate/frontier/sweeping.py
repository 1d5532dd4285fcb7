"""Slates arranged in many ways: sources, filters and score are asked once for each case, orders once for each way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from slatewright.data.splits import Cases, Fold
from slatewright.evaluate.frontier.frontier import ACCURACY, VARIETY, Frontier, Point
from slatewright.evaluate.judged import Judged, judge
from slatewright.evaluate.judging import summarise
from slatewright.evaluate.lists import Listing
from slatewright.evaluate.questions import QUESTIONS
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.models import ItemLists
from slatewright.pipeline import DPP, MMR, Calibrated, Novelty, Query, Request, TopK, Weighed
from slatewright.pipeline.batch import outcomes
from slatewright.pipeline.contracts import Candidates, Order
from slatewright.pipeline.guarded import arrange
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.likeness import DEFINITE, TELLING
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.request import resolve
from slatewright.pipeline.stages import bound
from slatewright.pipeline.world import World

RECIPE = "the recipe"
MARKS = "marks alone"
SWEPT = (TopK, MMR, DPP, Calibrated, Weighed)  # the sweep stands in their place; other orders of the recipe stay
SETTINGS: tuple[tuple[type[MMR] | type[DPP] | type[Calibrated], tuple[float, ...]], ...] = (
    (MMR, (0.95, 0.9, 0.8, 0.7, 0.5, 0.3)),
    (DPP, (0.99, 0.97, 0.95, 0.9, 0.8, 0.6)),
    (Calibrated, (0.95, 0.9, 0.8, 0.6, 0.3)),
)
NOVELTY = (0.05, 0.1, 0.2, 0.3, 0.4)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to arrange: orders under a name, a point on the line of its family."""

    name: str
    family: str
    setting: str
    orders: tuple[Any, ...]


def ways_of(pipeline: Pipeline, model: str | None = None) -> list[Way]:
    """The recipe as it is, marks alone, and every family at several settings.

    ``model`` says what is alike; none: the categories, and where there are none the first estimator that tells.
    """
    recipe, world = pipeline.recipe, pipeline.world
    if model is None and not len(world.catalogue.category_names):
        model = next((name for name, fitted in world.models.items() if isinstance(fitted, TELLING)), None)
    rest = tuple(order for order in recipe.orders if not isinstance(order, SWEPT))
    ways = [Way(RECIPE, RECIPE, "", tuple(recipe.orders)), Way(MARKS, MARKS, "", (TopK(), *rest))]
    for kind, settings in SETTINGS:
        if _possible(kind, world, model):
            knobs: dict[str, Any] = {} if model is None or kind is Calibrated else {"model": model}
            ways += [_way(kind(value, **knobs), kind.__name__, "relevance", value, rest) for value in settings]
    return ways + [_way(Weighed((Novelty(value),)), "Novelty", "weight", value, rest) for value in NOVELTY]


def _possible(kind: type, world: World, model: str | None) -> bool:
    if kind is Calibrated or model is None:
        return len(world.catalogue.category_names) > 0
    return kind is MMR or isinstance(world.models.get(model), DEFINITE)


def _way(order: object, family: str, knob: str, value: float, rest: tuple[Any, ...]) -> Way:
    return Way(f"{family}({knob}={value:g})", family, f"{value:g}", (TopK(), order, *rest))


def frontier(
    pipeline: Pipeline,
    fold: Fold,
    ways: Sequence[Way],
    *,
    k: int = 20,
    bootstrap: Bootstrap | None = None,
    progress: Progress = silent,
) -> Frontier:
    """Judge every way by the cases of a fold, on whose training part the pipeline was fitted.

    Raises:
        Leak: the test part was known to training; the message says why.
        BadInput: no test user has a right item.
    """
    answer = _asked_once(pipeline, ways, progress)
    judged = judge({way.name: answer(way.name) for way in ways}, fold, k=k)
    return _summed_up(judged, ways, bootstrap or Bootstrap())


def _asked_once(pipeline: Pipeline, ways: Sequence[Way], progress: Progress) -> Callable[[str], Listing]:
    """A listing for every way; the first one that is asked arranges for all of them."""
    made: dict[str, ItemLists] = {}

    def of(name: str) -> Listing:
        def listed(cases: Cases, k: int) -> ItemLists:
            if not made:
                made.update(arranged(pipeline, ways, cases, k, progress))
            return made[name]

        return listed

    return of


def arranged(
    pipeline: Pipeline, ways: Sequence[Way], cases: Cases, k: int, progress: Progress = silent
) -> Mapping[str, ItemLists]:
    """The slates of k of every case, under the name of each way."""
    world = pipeline.world
    orders = {way.name: tuple(bound(one, world, "arrange", "orders") for one in way.orders) for way in ways}
    lists = {way.name: _empty(len(cases.users), min(k, len(world.catalogue))) for way in ways}
    queries = list(_queries(world, cases, k))
    stages = replace(pipeline.stages, orders=())
    for row, outcome in enumerate(outcomes(stages, world, queries)):
        if row % 500 == 0:
            progress("arrange", row, len(queries))
        trace = outcome.trace
        marked = trace.pool.take(trace.dropped_by == 0).marked(trace.marks)
        for name, chain in orders.items():
            _fill(lists[name], row, marked, queries[row], chain)
    progress("arrange", len(queries), len(queries))
    return lists


def _empty(rows: int, width: int) -> ItemLists:
    return ItemLists(
        np.zeros((rows, width), dtype=np.int32), np.zeros((rows, width), dtype=np.float32), np.zeros(rows, np.int64)
    )


def _fill(lists: ItemLists, row: int, marked: Candidates, query: Query, orders: Sequence[Order]) -> None:
    chosen = arrange(orders, query, marked, [])[-1][1][: lists.items.shape[1]]
    lists.counts[row] = count = len(chosen)
    lists.items[row, :count] = marked.items[chosen]
    lists.scores[row, :count] = marked.scores[chosen]


def _queries(world: World, cases: Cases, k: int) -> Iterator[Query]:
    """Users of the shop are asked for by name, as a page does; strangers bring their history along."""
    for row, (user_id, trained) in enumerate(zip(cases.users.to_list(), cases.trained.tolist(), strict=True)):
        if trained:
            yield resolve(world, Request(k, world.as_of, user_id))
        else:
            yield Query(k, world.as_of, cases.histories.one(row))


def _summed_up(judged: Judged, ways: Sequence[Way], bootstrap: Bootstrap) -> Frontier:
    asked = next(found for found in map(judged.asked, QUESTIONS) if found is not None)
    (group,) = summarise(judged, questions=(asked.question,), bootstrap=bootstrap).groups
    wanted = (ACCURACY, "recall", *VARIETY)
    points = []
    for way in ways:
        measured = group.of(way.name).metrics
        metrics = {name: measured[name] for name in wanted if name in measured}
        points.append(Point(way.name, way.family, way.setting, metrics))
    return Frontier(
        judged.k,
        judged.fold.train.as_of,
        group.name,
        group.users,
        bootstrap.level,
        tuple(points),
        judged.fold.protocol,
        judged.audit,
    )
