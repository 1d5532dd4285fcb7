import numpy as np

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.pipeline import SeenFilter
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline

ALL = np.arange(25, dtype=np.int32)


class TestSeenFilter(StageKit):
    stage = SeenFilter()


class TestSeenForSomeDays(StageKit):
    stage = SeenFilter(days=30)


class TestSeenUntilItIsTime(StageKit):
    stage = SeenFilter(again="again", due=0.2)


class TestSeenByKind(StageKit):
    stage = SeenFilter(days=30, kinds=("purchase",))


def test_only_events_of_some_kinds_count() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, AS_OF, "u000", items=("i001",)))  # held in hand: a view
    keep = SeenFilter(kinds=("view",)).bind(pipeline.world).keep(query, ALL)
    assert np.flatnonzero(~keep).tolist() == [1]
    assert SeenFilter(kinds=("purchase",)).bind(pipeline.world).keep(query, ALL)[1]
    assert not SeenFilter().bind(pipeline.world).keep(query, ALL)[1]


def test_it_drops_exactly_the_history() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, AS_OF, "u000"))
    keep = SeenFilter().bind(pipeline.world).keep(query, ALL)
    assert set(ALL[~keep]) == set(query.history.items)


def test_after_the_days_an_item_may_be_shown_again() -> None:
    pipeline = town_pipeline()
    bound = SeenFilter(days=30).bind(pipeline.world)
    query = pipeline.query(Request(5, AS_OF, "u000"))
    late = query.history.items[query.history.times > AS_OF - 30 * MICROSECONDS_PER_DAY]
    assert set(ALL[~bound.keep(query, ALL)]) == set(late)
    assert bound.keep(pipeline.query(Request(5, AS_OF + 100 * MICROSECONDS_PER_DAY, "u000")), ALL).all()


def test_what_is_due_again_may_be_shown() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, AS_OF, "u000"))
    due = pipeline.world.models["again"].repeats(query.history, AS_OF)  # type: ignore[attr-defined]
    middle = float(np.median(due.due))
    bound = SeenFilter(again="again", due=middle).bind(pipeline.world)
    shown = set(due.items[due.due >= middle].tolist())
    assert 0 < len(shown) < len(set(query.history.items.tolist()))
    assert set(ALL[~bound.keep(query, ALL)].tolist()) == set(query.history.items.tolist()) - shown
