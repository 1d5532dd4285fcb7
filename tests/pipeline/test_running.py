from slatewright.pipeline import Pipeline, Request
from slatewright.pipeline.running import run
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe


def test_a_user_nobody_knows_gets_the_popular_items() -> None:
    slate = town_pipeline().ask(Request(3, AS_OF, "stranger"))
    assert slate.fallback == "newcomer"
    assert {placed.source for placed in slate.items} == {"popular"}


def test_a_narrow_category_is_filled_and_still_personal() -> None:
    recipe = town_recipe(sources=town_recipe().sources[2:3])
    pipeline = Pipeline(recipe, town_pipeline().world)
    slate = pipeline.ask(Request(12, AS_OF, "u000", categories=frozenset({"coffee"})))
    assert slate.fallback == "filled"
    assert slate.items == tuple(sorted(slate.items, key=lambda placed: -placed.score))


def test_a_category_that_leaves_nothing_gives_an_empty_slate() -> None:
    slate = town_pipeline().ask(Request(5, AS_OF, "u000", categories=frozenset({"beer"})))
    assert slate.items == ()


def test_the_trace_adds_up() -> None:
    pipeline = town_pipeline()
    outcome = run(pipeline.stages, pipeline.query(Request(4, AS_OF, "u000")))
    trace = outcome.trace
    assert len(trace.proposals) == len(trace.source_names) - 1  # the last name is that of the filler
    assert set(trace.pool.items) == {int(item) for proposal in trace.proposals for item in proposal.items}
    survivors = trace.pool.items[trace.dropped_by == 0]
    assert len(survivors) == len(trace.marks)
    for _, positions in trace.arrangements:
        assert sorted(positions) == list(range(len(survivors)))
    assert outcome.items.tolist() == survivors[trace.arrangements[-1][1][:4]].tolist()
    dropped = trace.pool.items[trace.dropped_by == trace.filter_names.index("seen")]
    assert set(dropped) <= set(trace.query.history.items)


def test_filling_goes_on_until_enough_items_are_eligible() -> None:
    pipeline = Pipeline(town_recipe(sources=()), town_pipeline().world)
    everything = pipeline.ask(Request(10**9, AS_OF, "u000", exclude=tuple(f"i{at:03d}" for at in range(20))))
    seen = {pipeline.world.catalogue.items.name(int(item)) for item in everything.trace.query.history.items}
    assert set(everything.item_ids) == {"i020", "i021", "i022", "i024"} - seen
