import pytest

from slatewright.explain import why
from slatewright.explain.four_stages import four_stages
from slatewright.explain.remarks import remarks_of
from slatewright.pipeline import MMR, AtLeast, AtMost, Constraints, Pipeline, Request, TopK
from slatewright.pipeline.running import run
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe

RULES = (AtMost(1, where='category == "tea"'), AtLeast(4, 'category != "coffee"'), AtMost(3, fact="category"))
CONFLICT = "AtLeast(4, where='category != \"coffee\"') cannot hold over these"


def test_who_asks_is_told_the_smallest_group_that_an_answer_had_no_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Pipeline(town_recipe(orders=(TopK(), MMR(0.7), Constraints(RULES))), town_pipeline().world)
    query = pipeline.query(Request(4, AS_OF, "u000"))
    enough = run(pipeline.stages, query)
    assert remarks_of(pipeline, enough.trace) == tuple(note.problem for note in enough.trace.remarks)
    monkeypatch.setattr("slatewright.pipeline.orders.constraints.BUDGET", 0)
    outcome = run(pipeline.stages, query)
    given_up, group = remarks_of(pipeline, outcome.trace)
    assert "does not hold in this slate" in given_up
    assert group.startswith(CONFLICT)
    assert group.endswith("together with AtMost(1, where='category == \"tea\"'); eased by 3 it could")
    shown = pipeline.world.catalogue.items.name(int(outcome.items[0]))
    assert f"Not every rule could hold: {group}." in why(pipeline, query, shown).sentences
    assert four_stages(pipeline, outcome).remarks == (given_up, group)


def test_a_slate_that_keeps_to_everything_has_no_remarks() -> None:
    pipeline = Pipeline(town_recipe(orders=(TopK(), Constraints(RULES[2:]))), town_pipeline().world)
    assert remarks_of(pipeline, run(pipeline.stages, pipeline.query(Request(4, AS_OF, "u000"))).trace) == ()
