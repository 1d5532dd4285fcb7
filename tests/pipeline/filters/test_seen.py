import numpy as np

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.explain import why_not
from slatewright.pipeline import Pipeline, SeenFilter
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.request import Request
from slatewright.pipeline.stages import bind_stages
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe

ALL = np.arange(25, dtype=np.int32)


class TestSeenFilter(StageKit):
    stage = SeenFilter()


class TestSeenForSomeDays(StageKit):
    stage = SeenFilter(days=30)


class TestSeenUntilItIsTime(StageKit):
    stage = SeenFilter(again="again", due=0.2)


class TestSeenByKind(StageKit):
    stage = SeenFilter(days=30, kinds=("purchase",))


class TestShownOften(StageKit):
    stage = SeenFilter(days=7, kinds=("impression",), times=2)


class TestIgnored(StageKit):
    stage = SeenFilter(days=7, kinds=("ignored",))


def dropped(stage: SeenFilter, query: Query) -> list[int]:
    return np.flatnonzero(~stage.bind(town_pipeline().world).keep(query, ALL)).tolist()


def test_what_was_shown_within_a_window_and_so_often() -> None:
    query = town_pipeline().query(Request(5, AS_OF, "u000"))
    for kind in ("impression", "ignored"):
        assert dropped(SeenFilter(kinds=(kind,)), query) == [1, 3, 5]
        assert dropped(SeenFilter(days=2, kinds=(kind,)), query) == [1, 3]
        assert dropped(SeenFilter(kinds=(kind,), times=2), query) == [1, 3]
        assert dropped(SeenFilter(days=2, kinds=(kind,), times=2), query) == []
    bought = dropped(SeenFilter(), query)
    assert not {1, 3, 5} & set(bought)  # what was shown is not in the history
    assert dropped(SeenFilter(kinds=("interaction", "impression")), query) == sorted({*bought, 1, 3, 5})
    assert dropped(SeenFilter(kinds=("impression",)), town_pipeline().query(Request(5, AS_OF, "u001"))) == []


def test_what_was_touched_since_is_not_ignored() -> None:
    query = town_pipeline().query(Request(5, AS_OF, "u000", items=("i003",)))  # in hand now
    assert dropped(SeenFilter(kinds=("ignored",)), query) == [1, 5]
    assert dropped(SeenFilter(kinds=("impression",)), query) == [1, 3, 5]


def test_a_filter_says_whether_it_looks_at_what_was_shown() -> None:
    world = town_pipeline().world
    for kinds, asks in (((), False), (("purchase",), False), (("impression",), True), (("ignored",), True)):
        stages = bind_stages(town_recipe(filters=(SeenFilter(kinds=kinds),)), world)
        assert stages.asks_shown is asks


def test_why_names_the_filter() -> None:
    often = SeenFilter(kinds=("impression",), times=2, name="shown twice")
    pipeline = Pipeline(town_recipe(filters=(often,)), town_pipeline().world)
    found = why_not(pipeline, pipeline.query(Request(5, AS_OF, "u000")), "i003")
    assert any("shown twice" in sentence for sentence in found.sentences)


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
