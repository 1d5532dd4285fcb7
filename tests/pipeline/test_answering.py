from dataclasses import replace

from slatewright.pipeline import Query, Request
from slatewright.pipeline.answering import slate_of
from slatewright.pipeline.running import run
from slatewright.testing.town import AS_OF, town_pipeline


def named(query: Query, row: str = "") -> str:
    pipeline = town_pipeline()
    return slate_of(pipeline.world, query, run(pipeline.stages, query), row=row).slate_id


def test_a_slate_has_a_name_of_its_query_and_its_row() -> None:
    query = town_pipeline().query(Request(3, AS_OF, "u000"))
    changed = (
        replace(query, k=4),
        replace(query, now=AS_OF + 1),
        replace(query, slot="top"),
        replace(query, categories=frozenset()),
        town_pipeline().query(Request(3, AS_OF, "u000", exclude=("i001",))),
        town_pipeline().query(Request(3, AS_OF, "u000", items=("i001",))),
    )
    names = [named(query), named(query, "home/top"), *map(named, changed)]
    assert len(set(names)) == len(names)
    assert named(query) == names[0]


def test_indices_become_names_with_their_places_and_sources() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(3, AS_OF, "u000"))
    outcome = run(pipeline.stages, query)
    slate = slate_of(pipeline.world, query, outcome)
    assert [one.position for one in slate.items] == [1, 2, 3]
    assert list(slate.item_ids) == [pipeline.world.catalogue.items.name(item) for item in outcome.items.tolist()]
    assert {one.source for one in slate.items} <= set(outcome.trace.source_names)
