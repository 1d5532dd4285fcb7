from slatewright.pipeline import SameFactsSource
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestSameFactsSource(StageKit):
    stage = SameFactsSource()


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
