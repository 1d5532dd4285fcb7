"""The conformance kit of a stage: ``class TestMine(StageKit): stage = MyFilter()`` is the whole test.

The stage may be a source, a filter, a score or an order; its verb says which.
"""

import copy
from functools import cache
from typing import Any, ClassVar

import numpy as np
import pytest

from slatewright.core.arrays import Array
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import dataset_of
from slatewright.pipeline import guarded
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.request import Request
from slatewright.pipeline.slate import Note
from slatewright.pipeline.world import World
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe
from slatewright.testing.worlds import START, two_tastes

VERBS = ("propose", "keep", "mark", "arrange")
REQUESTS = {
    "a user with a history": Request(5, AS_OF, "u000"),
    "a user nobody knows": Request(5, AS_OF, "nobody"),
    "a known user who never came": Request(5, AS_OF, "u060"),
    "a visitor with one item in hand": Request(1, AS_OF, items=("i001",)),
    "more than there is": Request(10**9, AS_OF, "u001"),
    "only tea": Request(5, AS_OF, "u001", categories=frozenset({"tea"})),
    "no category at all": Request(5, AS_OF, "u001", categories=frozenset()),
    "all excluded": Request(5, AS_OF, "u002", exclude=tuple(f"i{at:03d}" for at in range(25))),
    "years later": Request(5, AS_OF + 4000 * MICROSECONDS_PER_DAY, "u003", surface="home", slot="grid"),
}


@cache
def _one_item_shop() -> World:
    events = two_tastes().filter(item_id="i000")
    return Pipeline.fit(town_recipe(), dataset_of(events, as_of=START + 90 * MICROSECONDS_PER_DAY)).world


class StageKit:
    """Set ``stage`` to the knobs of a stage; every promise of its place is then a test.

    The world has the estimators ``taste``, ``together`` and ``popular`` (see ``slatewright.testing.town``).
    """

    stage: ClassVar[Any]

    def answer(self, bound: Any, query: Query, candidates: Candidates) -> Array:
        """What the stage says, checked by the same guards that run in a pipeline."""
        notes: list[Note] = []
        verb = next(verb for verb in VERBS if hasattr(bound, verb))
        if verb == "propose":
            n_items = max(int(candidates.items.max(initial=0)) + 1, len(town_pipeline().world.catalogue))
            proposal = guarded.propose((bound,), query, n_items, notes)[0]
            answer: Array = np.stack([proposal.items.astype(np.float64), proposal.scores.astype(np.float64)])
        elif verb == "keep":
            answer = guarded.drop((bound,), query, candidates.items, notes)
        elif verb == "mark":
            answer = guarded.mark(bound, query, candidates, notes)
        else:
            answer = guarded.arrange((bound,), query, candidates, notes)[-1][1]
        assert not notes, f"{notes[0].stage} {notes[0].name}: {notes[0].problem}"
        return answer

    def pool(self, world: World, size: int | None = None) -> Candidates:
        n = len(world.catalogue) if size is None else size
        items = np.arange(n, dtype=np.int32)
        return Candidates(items, np.linspace(1, 0, n, dtype=np.float32), np.zeros(n, dtype=np.int32))

    @property
    def bound(self) -> Any:
        return self.stage.bind(town_pipeline().world)

    def test_it_binds_to_a_stage_with_a_name_and_one_verb(self) -> None:
        bound = self.bound
        assert isinstance(bound.name, str)
        assert bound.name
        assert sum(hasattr(bound, verb) for verb in VERBS) == 1

    @pytest.mark.parametrize("asked", REQUESTS, ids=str)
    def test_it_keeps_its_contract_for(self, asked: str) -> None:
        pipeline = town_pipeline()
        query = pipeline.query(REQUESTS[asked])
        self.answer(self.bound, query, self.pool(pipeline.world))

    @pytest.mark.parametrize("size", [0, 1])
    def test_it_keeps_its_contract_for_a_pool_of(self, size: int) -> None:
        pipeline = town_pipeline()
        query = pipeline.query(REQUESTS["a user with a history"])
        self.answer(self.bound, query, self.pool(pipeline.world, size))

    def test_it_keeps_its_contract_in_a_shop_of_one_item(self) -> None:
        world = _one_item_shop()
        pipeline = Pipeline(town_recipe(), world)
        for request in REQUESTS.values():
            self.answer(self.stage.bind(world), pipeline.query(request), self.pool(world))

    def test_equal_queries_get_equal_answers(self) -> None:
        pipeline = town_pipeline()
        pool = self.pool(pipeline.world)
        first, second = (
            self.answer(self.bound, pipeline.query(REQUESTS["a user with a history"]), pool) for _ in range(2)
        )
        np.testing.assert_array_equal(first, second)

    def test_it_leaves_query_and_candidates_as_they_are(self) -> None:
        pipeline = town_pipeline()
        query, pool = pipeline.query(REQUESTS["a user with a history"]), self.pool(pipeline.world)
        before = copy.deepcopy((query.history, query.exclude, pool))
        self.answer(self.bound, query, pool)
        for name in ("items", "weights", "times"):
            np.testing.assert_array_equal(getattr(query.history, name), getattr(before[0], name))
        for name in ("items", "scores", "source"):
            np.testing.assert_array_equal(getattr(pool, name), getattr(before[2], name))
        np.testing.assert_array_equal(query.exclude, before[1])

    def test_it_works_in_a_pipeline(self) -> None:
        place = dict(zip(VERBS, ("sources", "filters", "score", "orders"), strict=True))
        verb = next(verb for verb in VERBS if hasattr(self.bound, verb))
        knobs = self.stage if verb == "mark" else (self.stage,)
        pipeline = Pipeline(town_recipe(**{place[verb]: knobs}), town_pipeline().world)
        slate = pipeline.ask(REQUESTS["a user with a history"])
        assert not slate.trace.notes
