from slatewright.pipeline import SameFactsSource
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestSameFactsSource(StageKit):
    stage = SameFactsSource()


class TestSameFactsLately(StageKit):
    stage = SameFactsSource(half_life_days=10.0)


def test_it_proposes_what_people_with_the_fact_like() -> None:
    pipeline = town_pipeline()
    source = SameFactsSource().bind(pipeline.world)
    coffee = source.propose(pipeline.query(Request(5, AS_OF, facts={"drinks": "coffee"})))
    assert len(coffee.items) == 12
    assert all(item % 2 == 1 for item in coffee.items)


def test_an_unknown_fact_proposes_nothing() -> None:
    pipeline = town_pipeline()
    source = SameFactsSource().bind(pipeline.world)
    assert len(source.propose(pipeline.query(Request(5, AS_OF, facts={"drinks": "beer", "shoe": "42"}))).items) == 0


def test_the_facts_of_a_user_who_never_came_are_looked_up() -> None:
    pipeline = town_pipeline()
    proposal = SameFactsSource().bind(pipeline.world).propose(pipeline.query(Request(5, AS_OF, "u060")))
    assert all(item % 2 == 0 for item in proposal.items)
    assert pipeline.ask(Request(5, AS_OF, "u060")).items[0].source == "same facts"


def test_what_was_had_long_ago_counts_less() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, AS_OF, facts={"drinks": "tea"}))
    lately, ever = (SameFactsSource(half_life_days=days).bind(pipeline.world).propose(query) for days in (0.2, None))
    events = pipeline.world.known.histories
    last = {item: events.times[events.items == item].max() for item in ever.items.tolist()}
    assert last[int(lately.items[0])] == max(last.values())
    assert set(lately.items.tolist()) <= set(ever.items.tolist())
