from slatewright.pipeline import Pipeline, Request
from slatewright.pipeline.running import narrowed, run
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


def test_what_the_pool_has_no_room_for_is_dropped_in_the_trace_and_never_below_k() -> None:
    world = town_pipeline().world
    whole = town_pipeline().ask(Request(3, AS_OF, "u000"))
    slate = Pipeline(town_recipe(candidates=6), world).ask(Request(3, AS_OF, "u000"))
    assert len(slate.trace.marks) == 6
    beyond = slate.trace.dropped_by == slate.trace.filter_names.index("pool")
    assert beyond.sum() == len(whole.trace.marks) - 6
    kept = slate.trace.pool.scores[slate.trace.dropped_by == 0]
    assert kept.min() >= slate.trace.pool.scores[beyond].max()
    assert len(Pipeline(town_recipe(candidates=1), world).ask(Request(4, AS_OF, "u000")).items) == 4


def test_a_slate_names_everybody_who_proposed_an_item() -> None:
    slate = town_pipeline().ask(Request(5, AS_OF, "u000"))
    trace = slate.trace
    for placed in slate.items:
        item = town_pipeline().world.catalogue.items.find(placed.item_id)
        named = [
            name
            for name, proposal in zip(trace.source_names, trace.proposals, strict=False)
            if item in proposal.items.tolist()
        ]
        assert list(placed.sources) == named
        assert placed.source in named
    filled = Pipeline(town_recipe(sources=()), town_pipeline().world).ask(Request(2, AS_OF, "u000"))
    assert [placed.sources for placed in filled.items] == [(), ()]


def test_a_filter_that_names_what_it_keeps_narrows_the_query() -> None:
    pipeline = town_pipeline()
    wide = pipeline.query(Request(3, AS_OF, "u000"))
    assert narrowed(pipeline.stages, wide) is wide
    tea = narrowed(pipeline.stages, pipeline.query(Request(3, AS_OF, "u000", categories=frozenset({"tea"}))))
    assert tea.only is not None
    assert tea.only.tolist() == list(range(0, 25, 2))
    both = pipeline.query(Request(3, AS_OF, "u000", categories=frozenset({"tea", "coffee", "beer"})))
    only = narrowed(pipeline.stages, both).only
    assert only is not None
    assert only.tolist() == list(range(25))


def test_what_fills_a_narrow_slate_is_the_most_popular_of_what_a_filter_names() -> None:
    pipeline = Pipeline(town_recipe(sources=(), score=None), town_pipeline().world)
    slate = pipeline.ask(Request(4, AS_OF, "u000", categories=frozenset({"coffee"})))
    popularity = pipeline.world.popularity(30)
    coffee = sorted(range(1, 23, 2), key=lambda item: (-popularity[item], item))
    assert list(slate.item_ids) == [pipeline.world.catalogue.items.name(item) for item in coffee[:4]]
